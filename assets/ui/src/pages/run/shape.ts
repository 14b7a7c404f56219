// What a load comes to over time, as the engine will do it.

import { list, record } from "~/parts/record";

export type Model = "users" | "stages" | "arrival";

export const modelOf = (load: Record<string, unknown>): Model => ("arrival" in load ? "arrival" : "stages" in load ? "stages" : "users");

export interface Shape {
  unit: "users" | "rate";
  at: number[];
  values: number[];
  /** Seconds, where the document says how long it takes. */
  seconds: number | null;
  most: number;
  iterations: number | null;
}

const UNITS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** Seconds of a duration such as `1h30m`; nothing where it is none. */
export function seconds(text: unknown): number | null {
  if (typeof text !== "string" || !/^(?=.)(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$/.test(text)) return null;
  return Array.from(text.matchAll(/(\d+)(ms|[hms])/g)).reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ""] ?? 0), 0);
}

const number = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null);

/** The corners of a load in stages. */
function staged(stages: unknown[], first: number): [number, number][] | null {
  const corners: [number, number][] = [[0, first]];
  let time = 0;
  for (const stage of stages) {
    const [took, target] = [seconds(record(stage)["duration"]), number(record(stage)["target"])];
    if (took === null || target === null) return null;
    time += took;
    corners.push([time, target]);
  }
  return corners;
}

/** The shape of a document's load; nothing where it is not written yet. */
export function shapeOf(load: Record<string, unknown>): Shape | null {
  const model = modelOf(load);
  const time = seconds(load["run_time"]);
  const made = (unit: Shape["unit"], corners: [number, number][] | null, iterations: number | null = null): Shape | null =>
    corners && { ...sampled(corners), unit, iterations, seconds: iterations === null ? (corners.at(-1)?.[0] ?? 0) : null };
  if (model === "stages") return made("users", list(load["stages"]).length > 0 ? staged(list(load["stages"]), 0) : null);
  if (model === "arrival") {
    const arrival = record(load["arrival"]);
    const rate = number(arrival["rate"]);
    if (rate === null) return null;
    if (list(arrival["stages"]).length > 0) return made("rate", staged(list(arrival["stages"]), rate));
    return made("rate", time === null ? null : [[0, rate], [time, rate]]);
  }
  const users = number(load["users"]);
  const iterations = number(load["iterations"]);
  if (!users || (time === null && iterations === null)) return null;
  // Without a rate all users start within the first second.
  const hatching = users / (number(load["hatch_rate"]) || users);
  const most = time ?? hatching * 4;
  return made("users", [[0, 0], [hatching, users], [hatching + most, users]], time === null ? iterations : null);
}

const POINTS = 160;

/** Points along the corners, near enough to each other for a cursor to tell each. */
function sampled(corners: [number, number][]): { at: number[]; values: number[]; most: number } {
  const end = corners.at(-1)?.[0] ?? 0;
  const even = Array.from({ length: POINTS + 1 }, (_, index) => (end * index) / POINTS);
  const at = [...new Set([...even, ...corners.map(([time]) => time)])].sort((a, b) => a - b);
  return { at, values: at.map((time) => value(corners, time)), most: Math.max(...corners.map(([, level]) => level)) };
}

function value(corners: [number, number][], time: number): number {
  const after = corners.findIndex(([corner]) => corner >= time);
  const [to, from] = [corners[after], corners[after - 1]];
  if (!to) return corners.at(-1)?.[1] ?? 0;
  if (!from || to[0] === from[0]) return to[1];
  return from[1] + ((to[1] - from[1]) * (time - from[0])) / (to[0] - from[0]);
}
