// What charts of one page have in common: their time, their axes, their colours.

import uPlot from "uplot";

import { clock } from "./clock";

/** Charts of one page move their cursors together. */
export const SYNC = uPlot.sync("run").key;

/** A chart of less than that would tell of chance. */
const SHORTEST_S = 10;
/** Between two marks of the time, in seconds. */
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];

/** What charts that stand over each other show, in seconds since the run began. */
export type Span = [from: number, to: number];

/** Seconds since the run began: all that there is, as far as the others reach, or the part that somebody looks at. */
export const time = (span: { current: Span | undefined }): uPlot.Scale => ({
  time: false,
  range({ data: [at] }, least, most) {
    const [first, last] = [at[0] ?? 0, at.at(-1) ?? 0];
    const all = at.length < 2 || (least === first && most === last);
    const [from, to] = all ? [Math.min(first, span.current?.[0] ?? first), Math.max(last, span.current?.[1] ?? 0)] : [least, most];
    return [from, Math.max(to, from + SHORTEST_S)];
  },
});

/** Whether a part is looked at of what there was from `first` to `last`. */
export function isPart({ scales }: uPlot, first: number | undefined, last: number): boolean {
  const { min, max } = scales["x"] ?? {};
  return min != null && max != null && (min > (first ?? 0) || max < last);
}

/** All that there is, in every chart of the page: they show the same part as well. */
export const showAll = () => uPlot.sync(SYNC).plots.forEach((plot) => plot.setData(plot.data, true));

/** Of the axis on the right, in pixels; a chart without one that stands over one with it leaves as much. */
export const RIGHT = 48;

/** Between two marks of what is counted. */
export const WHOLE = Array.from({ length: 9 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

/** Their axis. */
export const ofTime: uPlot.Axis = { size: 32, values: (_, values) => values.map(clock), incrs: STEPS_S };

/** Axes that are read on this ground. */
export function axes(dark: boolean): (more: uPlot.Axis) => uPlot.Axis {
  const [ink, faint] = dark ? ["#a6adb8", "#2e333b"] : ["#5a6270", "#e6e8ec"];
  return (more) => ({ stroke: ink, grid: { stroke: faint, width: 1 }, ticks: { show: false }, ...more });
}
