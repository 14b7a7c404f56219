// How response times were spread over time: two groups of answers, or a target that stalls, are seen here and in no percentile.

import "uplot/dist/uPlot.min.css";

import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useId, useRef, useState } from "react";
import uPlot from "uplot";

import { useWords } from "~/i18n";

import { Caption } from "./caption";
import classes from "./chart.module.css";
import { axes, isPart, ofTime, RIGHT, type Span, SYNC, time } from "./chart-form";
import { Described } from "./described";
import { useHeight } from "./height";
import { fullest } from "./summary";

interface Props {
  title: string;
  /** What its rows are. */
  why: string;
  /** What it has to line up with. */
  span: Span;
  /** Seconds at which the steps begin, and how long each is. */
  at: number[];
  step: number;
  /** For each step its first class with any, and the counts from it on. */
  counts: number[][];
  /** The shortest and the longest of them, where that is known: classes know only where they begin and end. */
  exact?: { min: number; max: number } | undefined;
  tell: (ms: number) => string;
  height?: number;
}

/** The end of a class of response times, in ms: half an octave each, but for the first, which has all that is shorter. */
const endOf = (place: number) => 0.1 * 2 ** (place / 2);
/** The last class, which has all that is longer. */
const LAST = 45;
/** In the order of viridis, which is read by lightness alone; on dark ground the other way round. */
const shades = ["#fde725", "#b5de2b", "#6ece58", "#35b779", "#1f9e89", "#26828e", "#31688e", "#3e4989", "#482878", "#440154"];

const shadesOn = (dark: boolean) => (dark ? shades.toReversed() : shades);

export function Heat({ title, why, span, at, step, counts, exact, tell, height: least = 200 }: Props) {
  const { say, language } = useWords();
  const id = useId();
  const height = useHeight(least);
  const { ref: box, width } = useElementSize();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const end = useRef(0);
  const seen = useRef<Seen>({ at, step, counts });
  const spans = useRef<Span | undefined>(span);
  [seen.current, spans.current] = [{ at, step, counts }, span];
  const [part, setPart] = useState(false);
  const dark = useComputedColorScheme("light") === "dark";

  useEffect(() => {
    if (!place.current) return;
    const room = { width: place.current.clientWidth, height };
    const form = options(seen, spans, dark, tell);
    const setScale = (drawn: uPlot, key: string) => void (key === "x" && setPart(isPart(drawn, drawn.data[0][0], end.current)));
    const made = new uPlot({ ...form, ...room, hooks: { ...form.hooks, setScale: [setScale] } }, data(seen.current), place.current);
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [dark, tell]);

  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height });
  }, [width, height, dark, tell]);

  // Lists are never changed, so that the same ones are no news.
  useEffect(() => {
    const drawn = plot.current;
    if (!drawn) return;
    // Whoever looks at a part of what there was goes on looking at that.
    const zoomed = isPart(drawn, at[0], end.current);
    end.current = at.at(-1) ?? 0;
    drawn.setData(data({ at, step, counts }), !zoomed);
    if (zoomed) drawn.redraw();
  }, [at, step, counts, span[0], span[1], dark, tell]);

  const words = () => {
    const found = fullest(counts);
    if (!found) return say("chart.no_line", { name: title });
    const limits = (from: number, to: number) => {
      if (from === 0 && to === LAST) return say("chart.any_time");
      if (from === 0) return say("chart.up_to", { to: tell(endOf(to)) });
      if (to === LAST) return say("chart.above", { from: tell(endOf(from - 1)) });
      return say("chart.between", { from: tell(endOf(from - 1)), to: tell(endOf(to)) });
    };
    const all = exact
      ? say("chart.spread", { least: tell(exact.min), most: tell(exact.max) })
      : say("chart.spread_classes", { classes: limits(found.least, found.most) });
    return `${all} ${say("chart.fullest", { classes: limits(found.full, found.full) })} ${why}`;
  };
  return (
    <figure className={classes.chart} aria-label={title} aria-describedby={id} title={why}>
      <Caption title={title} part={part} />
      <Described key={`${language} ${at.length > 0} ${exact !== undefined}`} id={id} words={words} />
      <div ref={box}>
        <div ref={place} aria-hidden />
      </div>
      <div className={classes.scale} aria-hidden>
        <span>{say("chart.few")}</span>
        <svg width={12 * shades.length} height={10}>
          {shadesOn(dark).map((shade, place) => <rect key={shade} x={12 * place} width={12} height={10} fill={shade} />)}
        </svg>
        <span>{say("chart.many")}</span>
      </div>
    </figure>
  );
}

/** What is shown before anything was answered: 0.4 to 13 ms. */
const NOTHING: [number, number] = [5, 14];

type Seen = Pick<Props, "at" | "step" | "counts">;

const data = ({ at }: Seen) => [at, at.map(() => null)] as uPlot.AlignedData;

/** The classes that are shown: those with any, and a few around where they are few. */
function bounds({ counts }: Seen): [least: number, most: number] {
  let [least, most] = [40, 0];
  for (const [first = 0, ...each] of counts) {
    if (each.length === 0) continue;
    least = Math.min(least, first);
    most = Math.max(most, first + each.length - 1);
  }
  return least > most ? NOTHING : [least, Math.max(most, least + 4)];
}

function options(seen: { current: Seen }, span: { current: Span | undefined }, dark: boolean, tell: Props["tell"]): Omit<uPlot.Options, "width" | "height"> {
  const axis = axes(dark);
  const scale = shadesOn(dark);
  const paint = ({ ctx, valToPos, bbox }: uPlot) => {
    const { at, step, counts } = seen.current;
    ctx.save();
    // Of what is zoomed into, the rest is beside the plot.
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    let densest = 1;
    for (const [, ...each] of counts) densest = Math.max(densest, ...each);
    counts.forEach(([first, ...each], column) => {
      const from = at[column] ?? 0;
      const [left, right] = [valToPos(from, "x", true), valToPos(from + step, "x", true)];
      if (right < bbox.left || left > bbox.left + bbox.width) return;
      each.forEach((count, row) => {
        if (count === 0) return;
        ctx.fillStyle = scale[Math.floor(Math.sqrt(count / densest) * (scale.length - 1))] ?? "";
        const [bottom, top] = [row - 1, row].map((by) => valToPos(endOf((first ?? 0) + by), "y", true)) as [number, number];
        ctx.fillRect(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
      });
    });
    ctx.restore();
  };
  const classes = (): [number, number] => {
    const [least, most] = bounds(seen.current);
    return [endOf(least - 1), endOf(most)];
  };
  return {
    cursor: { sync: { key: SYNC }, y: false, points: { show: false } },
    legend: { show: false },
    padding: [null, RIGHT, null, null],
    scales: { x: time(span), y: { distr: 3, log: 2, range: classes } },
    axes: [axis(ofTime), axis({ size: 64, values: (_, values) => values.map((value) => (value == null ? "" : tell(value))) })],
    series: [{}, { show: true, points: { show: false } }],
    hooks: { draw: [paint] },
  };
}
