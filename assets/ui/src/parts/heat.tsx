// How response times were spread over time: two groups of answers, or a target that stalls, are seen here and in no percentile.

import "uplot/dist/uPlot.min.css";

import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import uPlot from "uplot";

import classes from "./chart.module.css";
import { axes, ofTime, SYNC, time } from "./chart-form";

interface Props {
  title: string;
  /** What the picture means, for whoever asks. */
  why: string;
  /** Seconds at which the steps begin, and how long each is. */
  at: number[];
  step: number;
  /** For each step its first class with any, and the counts from it on. */
  counts: number[][];
  tell: (ms: number) => string;
  height?: number;
}

/** The end of a class of response times, in ms: half an octave each. */
const endOf = (place: number) => 0.1 * 2 ** (place / 2);
/** In the order of viridis, which is read by lightness alone; on dark ground the other way round. */
const shades = ["#fde725", "#b5de2b", "#6ece58", "#35b779", "#1f9e89", "#26828e", "#31688e", "#3e4989", "#482878", "#440154"];

export function Heat({ title, why, at, step, counts, tell, height = 200 }: Props) {
  const { ref: box, width } = useElementSize();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const end = useRef(0);
  const seen = useRef<Seen>({ at, step, counts });
  seen.current = { at, step, counts };
  const dark = useComputedColorScheme("light") === "dark";

  useEffect(() => {
    if (!place.current) return;
    const room = { width: place.current.clientWidth, height };
    const made = new uPlot({ ...options(seen, dark, tell), ...room }, data(seen.current), place.current);
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
    const { min, max } = drawn.scales["x"] ?? {};
    const zoomed = min != null && max != null && (min > (at[0] ?? 0) || max < end.current);
    end.current = (at.at(-1) ?? 0) + step;
    drawn.setData(data({ at, step, counts }), !zoomed);
    if (zoomed) drawn.redraw();
  }, [at, step, counts, dark, tell]);

  return (
    <figure className={classes.chart} aria-label={title} title={why}>
      <figcaption className={classes.title}>{title}</figcaption>
      <div ref={box}>
        <div ref={place} />
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

function options(seen: { current: Seen }, dark: boolean, tell: Props["tell"]): Omit<uPlot.Options, "width" | "height"> {
  const axis = axes(dark);
  const paint = ({ ctx, valToPos }: uPlot) => {
    const { at, step, counts } = seen.current;
    let densest = 1;
    for (const [, ...each] of counts) densest = Math.max(densest, ...each);
    counts.forEach(([first, ...each], column) => {
      const from = at[column] ?? 0;
      const [left, right] = [valToPos(from, "x", true), valToPos(from + step, "x", true)];
      each.forEach((count, row) => {
        if (count === 0) return;
        const shade = Math.floor(Math.sqrt(count / densest) * (shades.length - 1));
        ctx.fillStyle = shades[dark ? shades.length - 1 - shade : shade] ?? "";
        const [bottom, top] = [row - 1, row].map((by) => valToPos(endOf((first ?? 0) + by), "y", true)) as [number, number];
        ctx.fillRect(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
      });
    });
  };
  const classes = (): [number, number] => {
    const [least, most] = bounds(seen.current);
    return [endOf(least - 1), endOf(most)];
  };
  return {
    cursor: { sync: { key: SYNC }, y: false, points: { show: false } },
    legend: { show: false },
    scales: { x: { ...time, range: (_, first, last) => [first, Math.max(last + seen.current.step, first + 10)] }, y: { distr: 3, log: 2, range: classes } },
    axes: [axis(ofTime), axis({ size: 64, values: (_, values) => values.map((value) => (value == null ? "" : tell(value))) })],
    series: [{}, { show: true, points: { show: false } }],
    hooks: { draw: [paint] },
  };
}
