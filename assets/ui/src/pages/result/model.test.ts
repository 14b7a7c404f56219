import { describe, expect, it } from "vitest";

import type { MetricsEvent, OutcomeSeries } from "~/api/schema";

import { noSeries, push, seriesOf } from "./model";

const told = (elapsed_s: number, more: Partial<MetricsEvent> = {}): MetricsEvent => ({
  phase: "maintain", elapsed_s, users: 5, users_planned: 5, requests: 10, failures: 0, rps: 100, failures_per_s: 0,
  p50_ms: 1, p95_ms: 2, p99_ms: 3, generator_cpu_percent: 1, top_errors: [], ...more,
});

describe("a live series", () => {
  it("has one step a second, whose figures are the newest", () => {
    const series = noSeries();
    for (const at of [0.25, 0.5, 0.75, 1.0, 1.25]) push(series, told(at, { rps: at * 100 }));
    expect(series.at).toEqual([0, 1]);
    expect(series.rps).toEqual([75, 125]);
  });

  it("goes on behind what a late joiner was told, and takes nothing twice", () => {
    const series = seriesOf({
      step_s: 1, at_s: [0, 1], requests: [10, 0], failures: [0, 0], users: [5, 5], p50_ms: [1, 0], p95_ms: [2, 0], p99_ms: [3, 0], classes: [],
    } as OutcomeSeries);
    expect(series.p95).toEqual([2, null]);
    push(series, told(0.9));
    expect(series.at).toEqual([0, 1]);
    push(series, told(2.1));
    expect(series.at).toEqual([0, 1, 2]);
  });

  it("has no response time where nothing was answered", () => {
    const series = noSeries();
    push(series, told(1, { rps: 0, p50_ms: 0 }));
    expect(series.p50).toEqual([null]);
  });

  it("takes no more memory in a day than in an hour, and keeps its ends", () => {
    const series = noSeries();
    for (let at = 0; at < 86_400; at++) push(series, told(at));
    expect(series.at.length).toBeLessThanOrEqual(2_400);
    expect([series.at[0], series.at.at(-1)]).toEqual([0, 86_399]);
    const lengths = new Set(Object.values(series).flatMap((list: unknown) => (Array.isArray(list) ? [list.length] : [])));
    expect(lengths.size, "all lists are as long").toBe(1);
    expect(series.at).toEqual([...series.at].sort((a, b) => a - b));
  });
});

describe("a series of a report", () => {
  it("tells rates a second, whatever its step", () => {
    const series = seriesOf({
      step_s: 10, at_s: [0, 10], requests: [100, 50], failures: [10, 0], users: [5, 5], p50_ms: [1, 1], p95_ms: [2, 2], p99_ms: [3, 3], classes: [],
    } as OutcomeSeries);
    expect(series.rps).toEqual([10, 5]);
    expect(series.failures).toEqual([1, 0]);
  });
});
