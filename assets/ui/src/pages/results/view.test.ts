import { expect, test } from "vitest";

import { filtered, resultsSearch, reversed, toggled } from "./view";

const [a, b, c] = [1, 2, 3].map((one) => `01a20894-af61-7011-b992-00000000000${one}`) as [string, string, string];

test("an address picks two runs at most, each once, and nothing that is none", () => {
  expect(resultsSearch({ picked: [a, a, "<b>", 7, b, c] }).picked).toEqual([a, b]);
  expect(resultsSearch({ picked: a }).picked).toBeUndefined();
  expect(resultsSearch({ picked: [] }).picked).toBeUndefined();
});

test("one is picked and let go again; a third takes the place of the first", () => {
  expect(toggled([], a)).toEqual([a]);
  expect(toggled([a, b], c)).toEqual([b, c]);
  expect(toggled([a, b], a)).toEqual([b]);
  expect(toggled([a], a)).toBeUndefined();
});

test("order and what is picked are no filters", () => {
  expect(filtered(resultsSearch({ sort: "-rps", picked: [a] }))).toBe(false);
  expect(filtered(resultsSearch({ status: "failed" }))).toBe(true);
});

test("days are filters; what is none is left out, and the wrong way round is told", () => {
  const days = resultsSearch({ from: "2026-01-31", to: "2026-02-01" });
  expect([days.from, days.to, filtered(days), reversed(days)]).toEqual(["2026-01-31", "2026-02-01", true, false]);
  expect(reversed(resultsSearch({ from: "2026-02-01", to: "2026-01-31" }))).toBe(true);
  expect(reversed(resultsSearch({ from: "2026-02-01", to: "2026-02-01" }))).toBe(false);
  const wrong = resultsSearch({ from: "2026-02-30", to: 7 });
  expect([wrong.from, wrong.to, filtered(wrong), reversed(wrong)]).toEqual([undefined, undefined, false, false]);
});
