// A run as the page shows it: from its stream while it goes on, from its report when it is over. One shape for both, so
// that the finished page is the live one.

import type { MetricsEvent, Outcome, OutcomeSeries, RunDetail } from "~/api/schema";

import { added, none, type Spread } from "./spread";

export interface Series {
  at: number[];
  users: (number | null)[];
  rps: (number | null)[];
  failures: (number | null)[];
  p50: (number | null)[];
  p95: (number | null)[];
  p99: (number | null)[];
  /** How response times were spread; runs of earlier versions do not know. */
  spread?: Spread;
}

export interface RequestRow {
  name: string;
  method: string;
  requests: number;
  failures: number;
  rps: number;
  p50: number;
  p95: number;
  p99: number;
}

export interface Figures {
  users: number;
  requests: number;
  failures: number;
  rps: number;
  p50: number;
  p95: number;
  p99: number;
  elapsed: number;
  progress: number | null;
  generator: { cpu: number; lagP99: number; limited: boolean; because: string[] };
  byRequest: RequestRow[];
  errors: { message: string; count: number }[];
}

export const noSeries = (): Series => ({ at: [], users: [], rps: [], failures: [], p50: [], p95: [], p99: [], spread: none });

/** The series of a run that is over, and the first of one that goes on. A second without an answer has no time. */
export function seriesOf(told: OutcomeSeries): Series {
  const step = told.step_s || 1;
  const times = (values: number[]) => values.map((value, place) => (told.requests[place] ? value : null));
  return {
    at: [...told.at_s],
    users: [...told.users],
    rps: told.requests.map((count) => count / step),
    failures: told.failures.map((count) => count / step),
    p50: times(told.p50_ms),
    p95: times(told.p95_ms),
    p99: times(told.p99_ms),
    ...(told.classes?.length === told.at_s.length ? { spread: { at: told.at_s, step, counts: told.classes } } : {}),
  };
}

const LISTS = ["at", "users", "rps", "failures", "p50", "p95", "p99"] as const;

/** Most steps that a live chart keeps: as many as a wide screen has pixels. Beyond, each two neighbours become one. */
const MOST = 2_400;

/** Puts what was just told behind what is known; steps are a second, as those of reports. */
export function push(series: Series, told: MetricsEvent): void {
  if (told.spread) series.spread = added(series.spread ?? none, told.spread);
  const at = Math.floor(told.elapsed_s);
  if (at < (series.at.at(-1) ?? -1)) return;
  const values: [(typeof LISTS)[number], number | null][] = [
    ["at", at],
    ["users", told.users],
    ["rps", told.rps],
    ["failures", told.failures_per_s],
    ["p50", told.rps > 0 ? told.p50_ms : null],
    ["p95", told.rps > 0 ? told.p95_ms : null],
    ["p99", told.rps > 0 ? told.p99_ms : null],
  ];
  const again = at === series.at.at(-1);
  for (const [name, value] of values) {
    const list = series[name] as (number | null)[];
    if (again) list[list.length - 1] = value;
    else list.push(value);
  }
  if (series.at.length > MOST) thin(series);
}

/** Keeps every second step of the older half, so that an hour takes no more memory than a minute needs pixels. */
function thin(series: Series): void {
  const half = Math.floor(series.at.length / 2);
  for (const name of LISTS) {
    const list = series[name] as (number | null)[];
    const kept = list.filter((_, place) => place >= half || place % 2 === 0);
    list.splice(0, list.length, ...kept);
  }
}

export function figuresOfMetrics(told: MetricsEvent, rows: RequestRow[]): Figures {
  return {
    users: told.users,
    requests: told.requests,
    failures: told.failures,
    rps: told.rps,
    p50: told.p50_ms,
    p95: told.p95_ms,
    p99: told.p99_ms,
    elapsed: told.elapsed_s,
    progress: told.progress ?? null,
    generator: {
      cpu: told.generator_cpu_percent,
      lagP99: told.generator?.dispatch_lag_p99_ms ?? 0,
      limited: told.generator?.limited ?? false,
      because: told.generator?.limited_because ?? [],
    },
    byRequest: rows,
    errors: told.top_errors,
  };
}

export function rowsOfMetrics(told: NonNullable<MetricsEvent["by_request"]>): RequestRow[] {
  return told.map(({ name, method, requests, failures, rps, p50_ms, p95_ms, p99_ms }) => ({
    name, method, requests, failures, rps, p50: p50_ms, p95: p95_ms, p99: p99_ms,
  }));
}

/** The figures of a run that is over. */
export function figuresOfRun(run: RunDetail): Figures | null {
  const { latency_ms: times, generator } = run;
  if (!times || !generator) return null;
  return {
    users: run.users_max ?? 0,
    requests: run.requests ?? 0,
    failures: run.failures ?? 0,
    rps: run.rps ?? 0,
    p50: times.p50,
    p95: times.p95,
    p99: times.p99,
    elapsed: run.duration_s ?? 0,
    progress: null,
    generator: {
      cpu: generator.cpu_percent,
      lagP99: generator.dispatch_lag_ms.p99,
      limited: generator.limited,
      because: generator.limited_because,
    },
    byRequest: (run.by_request ?? []).map(({ name, method, requests, failures, rps, latency_ms }) => ({
      name, method, requests, failures, rps, p50: latency_ms.p50, p95: latency_ms.p95, p99: latency_ms.p99,
    })),
    errors: (run.errors ?? []).map(({ kind, message, count }) => ({ message: `${kind}: ${message}`, count })),
  };
}

export const seriesOfOutcome = (outcome: Outcome): Series => seriesOf(outcome.series);
