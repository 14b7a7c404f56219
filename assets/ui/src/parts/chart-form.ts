// What charts of one page have in common: their time, their axes, their colours.

import uPlot from "uplot";

import { clock } from "./clock";

/** Charts of one page move their cursors together. */
export const SYNC = uPlot.sync("run").key;

/** A chart of less than that would tell of chance. */
const SHORTEST_S = 10;
/** Between two marks of the time, in seconds. */
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];

/** Seconds since the run began. */
export const time: uPlot.Scale = {
  time: false,
  range({ data: [at] }, least, most) {
    const [from, to] = at.length > 1 ? [least, most] : [at[0] ?? 0, 0];
    return [from, Math.max(to, from + SHORTEST_S)];
  },
};

/** Between two marks of what is counted. */
export const WHOLE = Array.from({ length: 9 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

/** Their axis. */
export const ofTime: uPlot.Axis = { size: 32, values: (_, values) => values.map(clock), incrs: STEPS_S };

/** Axes that are read on this ground. */
export function axes(dark: boolean): (more: uPlot.Axis) => uPlot.Axis {
  const [ink, faint] = dark ? ["#a6adb8", "#2e333b"] : ["#5a6270", "#e6e8ec"];
  return (more) => ({ stroke: ink, grid: { stroke: faint, width: 1 }, ticks: { show: false }, ...more });
}
