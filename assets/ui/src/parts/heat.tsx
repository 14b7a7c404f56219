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
  const dark = useComputedColorScheme("light") === "dark";

  useEffect(() => {
    if (!place.current || width === 0 || at.length === 0) return;
    const plot = new uPlot(options(at, step, counts, dark, tell, width, height), [at, at.map(() => null)] as uPlot.AlignedData, place.current);
    return () => plot.destroy();
  }, [at, step, counts, dark, tell, width, height]);

  return (
    <figure className={classes.chart} aria-label={title} title={why}>
      <figcaption className={classes.title}>{title}</figcaption>
      <div ref={box}>
        <div ref={place} />
      </div>
    </figure>
  );
}

function options(at: number[], step: number, counts: number[][], dark: boolean, tell: Props["tell"], width: number, height: number): uPlot.Options {
  const axis = axes(dark);
  const seen = counts.filter((each) => each.length > 1);
  const least = Math.min(...seen.map(([first]) => first ?? 0), 40);
  const most = Math.max(...seen.map((each) => (each[0] ?? 0) + each.length - 2), least + 4);
  let densest = 1;
  for (const [, ...each] of seen) densest = Math.max(densest, ...each);
  const paint = ({ ctx, valToPos }: uPlot) => {
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
  return {
    width,
    height,
    cursor: { sync: { key: SYNC }, y: false, points: { show: false } },
    legend: { show: false },
    scales: { x: { ...time, range: (_, first, last) => [first, Math.max(last + step, first + 10)] }, y: { distr: 3, log: 2, range: () => [endOf(least - 1), endOf(most)] } },
    axes: [axis(ofTime), axis({ size: 64, values: (_, values) => values.map((value) => (value == null ? "" : tell(value))) })],
    series: [{}, { show: true, points: { show: false } }],
    hooks: { draw: [paint] },
  };
}
