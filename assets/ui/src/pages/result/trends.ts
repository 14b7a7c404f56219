// How many requests of each name there were over time: small lines beside their figures.

import type { Outcome } from "~/api/schema";

import type { RequestRow } from "./model";

export interface Trend {
  /** Seconds since the run began. */
  at: number[];
  /** Requests a second. */
  rps: number[];
}

/** Of each request name. */
export type Trends = Map<string, Trend>;

/** Most steps that are kept of one line; a line is not wider. */
export const MOST = 120;

/** Puts what was just told behind what is known. Beyond `MOST`, each two steps of the older half become one. */
export function tell(trends: Trends, elapsed: number, rows: RequestRow[]): void {
  const now = new Map<string, number>();
  for (const { name, rps } of rows) now.set(name, (now.get(name) ?? 0) + rps);
  for (const [name, rps] of now) {
    const { at, rps: before } = trends.get(name) ?? { at: [], rps: [] };
    if ((at.at(-1) ?? -1) >= elapsed) continue;
    // Another one in its place, so that whoever draws sees that it has changed.
    trends.set(name, thinned({ at: [...at, elapsed], rps: [...before, rps] }));
  }
}

/** What is kept of a run that is over: the names that matter most have lines. */
export function trendsOf({ series, series_by_request }: Outcome): Trends {
  const step = series.step_s || 1;
  const of = (requests: number[]) => thinned({ at: [...series.at_s], rps: requests.map((count) => count / step) });
  return new Map((series_by_request ?? []).map(({ name, requests }) => [name, of(requests)]));
}

function thinned(trend: Trend): Trend {
  let { at, rps } = trend;
  while (at.length > MOST) {
    const half = Math.ceil(at.length / 4) * 2;
    const pairs = Array.from({ length: half / 2 }, (_, pair) => 2 * pair);
    rps = [...pairs.map((place) => ((rps[place] ?? 0) + (rps[place + 1] ?? 0)) / 2), ...rps.slice(half)];
    at = [...pairs.map((place) => at[place] ?? 0), ...at.slice(half)];
  }
  return { at, rps };
}
