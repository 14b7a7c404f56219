import { describe, expect, it } from "vitest";

import type { Outcome, OutcomeLatency, OutcomeRequestStats, OutcomeTimingStats } from "~/api/schema";

import { failedFirst, partsOf, seriesOfRequest, statusesOf } from "./detail";

const part = (count: number, avg: number): OutcomeTimingStats => ({ count, avg, p50: avg, p95: avg, p99: avg, max: avg });
const times = (p95: number) => ({ p95 }) as OutcomeLatency;
const request = (more: Partial<OutcomeRequestStats>) => ({ name: "GET /", method: "GET", requests: 10, status_codes: {}, by_status: {}, ...more }) as OutcomeRequestStats;

describe("parts of a response time", () => {
  it("stand in the order in which they happen, weighed by how many requests have them", () => {
    const parts = partsOf({ wait: part(100, 3), connect: part(1, 100), unheard_of: part(1, 1) });
    expect(parts.map(({ name, share }) => [name, share])).toEqual([["connect", 0.25], ["wait", 0.75]]);
  });

  it("have no share where nothing took time", () => {
    expect(partsOf({ send: part(5, 0) }).map(({ share }) => share)).toEqual([0]);
    expect(partsOf({})).toEqual([]);
  });
});

describe("statuses", () => {
  it("are those of answers and of none, the most frequent first", () => {
    const by_status = { 200: { requests: 7, latency_ms: times(20) }, none: { requests: 2, latency_ms: times(30) } };
    expect(statusesOf(request({ status_codes: { 200: 7, 503: 1 }, by_status }))).toEqual([
      { code: "200", count: 7, share: 0.7, p95: 20 },
      { code: null, count: 2, share: 0.2, p95: 30 },
      { code: "503", count: 1, share: 0.1, p95: null },
    ]);
  });
});

describe("a series of a request", () => {
  const outcome = {
    series: { step_s: 2, at_s: [0, 2], requests: [9, 9], failures: [0, 0], users: [1, 1], p50_ms: [1, 1], p95_ms: [1, 1], p99_ms: [1, 1], classes: [] },
    series_by_request: [{ name: "GET /", requests: [4, 0], failures: [2, 0], p50_ms: [5, 0], p95_ms: [6, 0] }],
  } as unknown as Outcome;

  it("is told by the second, with a gap where there was no answer", () => {
    const series = seriesOfRequest(outcome, "GET /");
    expect(series).toMatchObject({ at: [0, 2], rps: [2, 0], failures: [1, 0], p50: [5, null], p95: [6, null] });
  });

  it("is left out where none was kept", () => {
    expect(seriesOfRequest(outcome, "other")).toBeNull();
  });
});

it("shows checks that failed first", () => {
  const check = (name: string, failed: number) => ({ request: "GET /", name, passed: 1, failed });
  expect(failedFirst([check("a", 0), check("b", 1), check("c", 5), check("d", 0)]).map(({ name }) => name)).toEqual(["c", "b", "a", "d"]);
});
