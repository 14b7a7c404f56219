import { describe, expect, it } from "vitest";

import type { Outcome } from "~/api/schema";

import type { RequestRow } from "./model";
import { MOST, tell, type Trends, trendsOf } from "./trends";

const row = (name: string, rps: number) => ({ name, rps }) as RequestRow;

describe("the line of a request", () => {
  it("grows by what is told, of all methods of a name together, and by nothing twice", () => {
    const trends: Trends = new Map();
    tell(trends, 1, [row("home", 3), row("cart", 1), row("cart", 2)]);
    const first = trends.get("home");
    tell(trends, 1, [row("home", 9)]);
    expect(trends.get("home")).toBe(first);
    tell(trends, 2, [row("home", 5)]);
    expect(trends.get("home")).toEqual({ at: [1, 2], rps: [3, 5] });
    expect(trends.get("cart")).toEqual({ at: [1], rps: [3] });
  });

  it("takes no more memory in an hour than its width, keeps its ends and its mean", () => {
    const trends: Trends = new Map();
    for (let at = 1; at <= 3_600; at++) tell(trends, at, [row("home", 7)]);
    const { at = [], rps = [] } = trends.get("home") ?? {};
    expect(at.length).toBeLessThanOrEqual(MOST);
    expect([at[0], at.at(-1)]).toEqual([1, 3_600]);
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(new Set(rps)).toEqual(new Set([7]));
  });
});

describe("the lines of a report", () => {
  const outcome = (length: number) =>
    ({
      series: { step_s: 2, at_s: Array.from({ length }, (_, step) => 2 * step) },
      series_by_request: [{ name: "home", requests: Array.from({ length }, () => 4) }],
    }) as unknown as Outcome;

  it("tell rates a second, and are no longer than a line is wide", () => {
    expect(trendsOf(outcome(2)).get("home")).toEqual({ at: [0, 2], rps: [2, 2] });
    const { at = [], rps = [] } = trendsOf(outcome(1_801)).get("home") ?? {};
    expect([at.length <= MOST, at.length, new Set(rps)]).toEqual([true, rps.length, new Set([2])]);
  });

  it("are none where an older version kept none", () => {
    expect(trendsOf({ series: { step_s: 1, at_s: [] } } as unknown as Outcome).size).toBe(0);
  });
});
