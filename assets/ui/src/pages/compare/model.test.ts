import { describe, expect, it } from "vitest";

import type { Comparison, ComparisonCompared, ComparisonMeasure } from "~/api/schema";

import { apartFrom, changeOf, excused, judged, noiseOf, verdictOf, verdictWith } from "./model";

const measure = (name: ComparisonMeasure["name"], delta: number, beyond_noise: boolean | null): ComparisonMeasure =>
  ({ name, a: 1, b: 1 + delta, delta, change: delta, beyond_noise }) as ComparisonMeasure;
const compared = (...measures: ComparisonMeasure[]): ComparisonCompared => ({ name: "", requests: [1, 1], measures, shift: null });

describe("a change", () => {
  it("is worse where times grow or the rate falls", () => {
    expect(changeOf(measure("p95", 0.5, true))).toBe("worse");
    expect(changeOf(measure("p95", -0.5, true))).toBe("better");
    expect(changeOf(measure("rps", -0.5, true))).toBe("worse");
    expect(changeOf(measure("rps", 0.5, true))).toBe("better");
  });

  it("is none within noise, and none where noise is not known", () => {
    expect(changeOf(measure("p95", 9, false))).toBe("same");
    expect(changeOf(measure("rps", -9, null))).toBe("same");
  });
});

describe("what is judged", () => {
  const [known, unknown] = [compared(measure("p95", 1, true)), compared(measure("p95", 1, null))];
  const comparison = (total: ComparisonCompared) => ({ total, by_request: [known] }) as Comparison;

  it("is the whole, or where the tests differ each request", () => {
    const whole = compared(measure("p95", 0, false));
    expect(judged(comparison(whole))).toEqual([whole]);
    expect(judged(comparison(unknown))).toEqual([known]);
  });
});

describe("a verdict", () => {
  it("says what all measures together say", () => {
    const [worse, better, same] = [measure("p99", 1, true), measure("p50", -0.1, true), measure("avg", 1, false)];
    expect(verdictOf(compared(same))).toBe("same");
    expect(verdictOf(compared(same, worse))).toBe("worse");
    expect(verdictOf(compared(same, better))).toBe("better");
    expect(verdictOf(compared(worse, better))).toBe("mixed");
    expect(verdictOf(compared(measure("p95", -0.9, null)))).toBe("unknown");
  });
});

describe("a verdict with something tolerated", () => {
  const comparison = (max_regression: number | null, regressions: number, ...measures: ComparisonMeasure[]) =>
    ({ total: compared(...measures), by_request: [], max_regression, regressions: Array(regressions).fill({}) }) as unknown as Comparison;
  const [worse, better, same] = [measure("p99", 0.2, true), measure("p50", -0.1, true), measure("avg", 0.2, false)];

  it("goes by what is worse by more", () => {
    expect(verdictWith(comparison(0.1, 1, worse))).toBe("over");
    expect(verdictWith(comparison(0.5, 0, worse))).toBe("within");
    expect(verdictWith(comparison(0.5, 0, worse, better))).toBe("within");
    // One request may be worse where all together are not.
    expect(verdictWith(comparison(0.1, 1, same))).toBe("over");
  });

  it("is what it was where nothing is worse, and where nothing is said of it", () => {
    expect(verdictWith(comparison(0.1, 0, better))).toBe("better");
    expect(verdictWith(comparison(0.1, 0, same))).toBe("same");
    expect(verdictWith(comparison(0.1, 0, measure("p95", 1, null)))).toBe("unknown");
    expect(verdictWith(comparison(null, 0, worse))).toBe("worse");
  });
});

describe("what a verdict on all requests together hides", () => {
  const [worse, better, same] = [measure("p95", 1, true), measure("p95", -0.5, true), measure("p95", 1, false)];
  const comparison = (total: ComparisonMeasure, ...requests: ComparisonMeasure[]) =>
    ({ total: compared(total), by_request: requests.map((one) => compared(one)) }) as Comparison;
  const ways = (of: Comparison) => Object.entries(apartFrom(verdictOf(of.total), of)).flatMap(([way, those]) => those.map(() => way));

  it("is each request that goes another way", () => {
    expect(ways(comparison(same, worse, same, better))).toEqual(["worse", "better"]);
    expect(ways(comparison(better, worse, better))).toEqual(["worse"]);
    expect(ways(comparison(worse, worse, same))).toEqual([]);
  });

  it("is nothing where the requests themselves are judged", () => {
    expect(ways(comparison(measure("p95", 1, null), worse, better))).toEqual([]);
  });
});

describe("noise", () => {
  it("has a reason where the figures alone would not tell", () => {
    expect(noiseOf(measure("p95", 0.9, false))).toBe("overlap");
    expect(noiseOf(measure("p50", -0.1, false))).toBe("small");
    expect([noiseOf(measure("avg", 0.9, false)), noiseOf(measure("error_rate", 0.01, false))]).toEqual(["unsure", "unsure"]);
    expect([noiseOf(measure("p95", 0, false)), noiseOf(measure("p95", 1, true)), noiseOf(measure("rps", 1, null))]).toEqual([null, null, null]);
  });

  it("is not counted, however much is tolerated", () => {
    const total = compared(measure("p50", 0.9, false), measure("p95", 0.9, true), measure("p99", 0.05, false), measure("avg", 0.9, false));
    const names = (max_regression: number | null) => excused({ total, by_request: [], max_regression } as unknown as Comparison).map((one) => one.measure.name);
    expect([names(0.1), names(null)]).toEqual([["p50"], []]);
  });
});
