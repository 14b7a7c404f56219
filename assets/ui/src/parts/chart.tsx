// Lines over time, by uPlot: it draws a run of an hour at 4 steps a second without dropping a frame.

import "uplot/dist/uPlot.min.css";

import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useId, useRef, useState } from "react";
import uPlot from "uplot";

import { type Say, useWords } from "~/i18n";

import { Caption } from "./caption";
import classes from "./chart.module.css";
import { axes, isPart, ofTime, RIGHT, type Span, SYNC, time, WHOLE } from "./chart-form";
import { clock } from "./clock";
import { Described, lineInWords } from "./described";
import { useHeight } from "./height";
import { Legend, useLegend } from "./legend";

export interface Line {
  name: string;
  /** Told apart by people who see few colours (Okabe and Ito 2008). */
  colour: string;
  values: (number | null)[];
  /** Another scale, on the right. */
  right?: boolean;
  dashed?: boolean;
  fill?: boolean;
  /** Whether there is nothing between two whole numbers. */
  whole?: boolean;
  /** How a value is told. */
  tell: (value: number) => string;
}

interface Props {
  /** What is shown, for whoever does not see it. */
  title: string;
  /** Seconds since the run began. */
  at: number[];
  lines: Line[];
  /** A stretch to point at, in seconds. */
  marked?: [number, number] | null;
  /** What it has to line up with: other charts stand over or under it, one of them with an axis on the right. */
  span?: Span;
  height?: number;
  /** Whether it takes the whole row, where charts stand side by side. */
  wide?: boolean;
}

export function Chart({ title, at, lines, marked, span, height: least = 200, wide = false }: Props) {
  const { ref: box, width } = useElementSize();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const scheme = useComputedColorScheme("light");
  const { say, language } = useWords();
  const id = useId();
  const height = useHeight(least);
  const stretch = useRef(marked);
  const spans = useRef(span);
  const end = useRef(0);
  [stretch.current, spans.current] = [marked, span];
  const [part, setPart] = useState(false);
  const { write, ...legend } = useLegend(plot);
  const form = JSON.stringify([scheme, language, lines.map(({ name, colour, right, dashed }) => [name, colour, right, dashed])]);

  useEffect(() => {
    if (!place.current) return;
    const form = options({ lines, dark: scheme === "dark", marked: stretch, span: spans, hidden: legend.hidden });
    const hooks: uPlot.Hooks.Arrays = {
      ...form.hooks,
      setCursor: [write],
      setScale: [
        (drawn, key) => {
          if (key !== "x") return;
          setPart(isPart(drawn, drawn.data[0][0], end.current));
          // Said where it can be read: what is painted cannot.
          drawn.root.dataset["until"] = `${Math.floor(drawn.scales["x"]?.max ?? 0)}`;
        },
      ],
    };
    const room = { width: place.current.clientWidth, height };
    const made = new uPlot({ ...form, ...room, hooks }, [at, ...lines.map((line) => line.values)] as uPlot.AlignedData, place.current);
    plot.current = made;
    write(made);
    return () => {
      plot.current = null;
      made.destroy();
    };
    // Made anew where its form changes; its values are set below.
  }, [form]);

  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height });
  }, [width, height, form]);

  useEffect(() => {
    const drawn = plot.current;
    if (!drawn) return;
    // Whoever looks at a part of what there was goes on looking at that. Lists grow where they are, so that the end is kept apart.
    const zoomed = isPart(drawn, at[0], end.current);
    end.current = at.at(-1) ?? 0;
    drawn.setData([at, ...lines.map((line) => line.values)] as uPlot.AlignedData, !zoomed);
    if (zoomed) drawn.redraw();
    write(drawn);
  });

  return (
    <figure className={classes.chart} data-wide={wide || undefined} aria-label={title} aria-describedby={id}>
      <Caption title={title} part={part} />
      <Described key={`${language} ${at.length > 0}`} id={id} words={() => wordsOf(say, at, lines)} />
      <div ref={box}>
        <div ref={place} aria-hidden />
      </div>
      <Legend {...legend} along={say("result.time")} entries={lines} />
    </figure>
  );
}

function wordsOf(say: Say, at: number[], lines: Line[]): string {
  const each = lines.map(({ name, values, tell }) => lineInWords(say, name, values, tell));
  return [say("chart.from_to", { from: clock(at[0] ?? 0), to: clock(at.at(-1) ?? 0) }), ...each].join(" ");
}

const upTo = (_: uPlot, __: number, most: number): [number, number] => [0, most > 0 ? most * 1.1 : 1];

interface Form {
  lines: Line[];
  dark: boolean;
  marked: { current: Props["marked"] };
  span: { current: Props["span"] };
  hidden: readonly number[];
}

function options({ lines, dark, marked, span, hidden }: Form): Omit<uPlot.Options, "width" | "height"> {
  const axis = axes(dark);
  const on = (right: boolean) => lines.find((line) => Boolean(line.right) === right);
  const told = (line: Line | undefined) => (_: uPlot, values: number[]) => values.map((value) => line?.tell(value) ?? `${value}`);
  const [left, right] = [on(false), on(true)];
  return {
    cursor: { sync: { key: SYNC }, points: { size: 6 }, drag: { x: true, y: false } },
    legend: { show: false },
    ...(span.current && !right ? { padding: [null, RIGHT, null, null] } : {}),
    scales: {
      x: time(span),
      y: { range: upTo },
      right: { range: upTo },
    },
    axes: [
      axis(ofTime),
      axis({ values: told(left), size: 64, ...(left?.whole ? { incrs: WHOLE } : {}) }),
      ...(right ? [axis({ scale: "right", side: 1, incrs: WHOLE, values: told(right), size: RIGHT, grid: { show: false } })] : []),
    ],
    series: [
      { value: (_, value) => (value == null ? "" : clock(value)) },
      ...lines.map(
        (line, place): uPlot.Series => ({
          show: !hidden.includes(place),
          scale: line.right ? "right" : "y",
          stroke: line.colour,
          width: 1.5,
          ...(line.dashed ? { dash: [6, 4] } : {}),
          ...(line.fill ? { fill: line.colour + "22" } : {}),
          points: { show: false },
          spanGaps: false,
          value: (_, value) => (value == null ? "–" : line.tell(value)),
        }),
      ),
    ],
    hooks: {
      drawClear: [
        (drawn) => {
          if (!marked.current) return;
          const [from, to] = marked.current.map((second) => drawn.valToPos(second, "x", true)) as [number, number];
          drawn.ctx.fillStyle = dark ? "#e69f0033" : "#e69f0040";
          const { left, top, width, height } = drawn.bbox;
          const [begin, end] = [Math.max(from, left), Math.min(to, left + width)];
          drawn.ctx.fillRect(begin, top, Math.max(end - begin, 2), height);
        },
      ],
    },
  };
}
