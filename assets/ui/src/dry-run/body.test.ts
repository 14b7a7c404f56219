import { expect, test } from "vitest";

import { grouped, shown, unsent } from "./body";

const step = (scenario: string, part: "on_start" | "transactions", transaction: string, request: string) => ({
  scenario, part, transaction, request, method: "GET", url: "http://h/", sent: null, answer: null, extracts: [], checks: [], failure: null,
});

test("JSON is laid out, whatever the server calls it, and all else stays as it is", () => {
  expect(shown('{"a":[1,{"b":"x, [y]"}],"c":{}}')).toBe('{\n  "a": [\n    1,\n    {\n      "b": "x, [y]"\n    }\n  ],\n  "c": {}\n}');
  expect(shown('{"a":[1')).toBe('{"a":[1');
  expect(shown("<p>1</p>")).toBe("<p>1</p>");
  // A number that JavaScript cannot hold is not made another one.
  expect(shown("[12345678901234567890]")).toBe("[\n  12345678901234567890\n]");
  expect(shown("12")).toBe("12");
  expect(shown("[".repeat(8000) + "]".repeat(8000)).length).toBeLessThan(1_000_000);
});

test("requests stand below their scenario and transaction, in the order in which they were sent", () => {
  const steps = [step("a", "on_start", "in", "1"), step("a", "transactions", "t", "2"), step("a", "transactions", "t", "3"), step("b", "transactions", "t", "4")];
  expect(grouped(steps).map(({ scenario, transaction, steps }) => [scenario, transaction, steps.map(({ place }) => place)])).toEqual([
    ["a", "in", [0]], ["a", "t", [1, 2]], ["b", "t", [3]],
  ]);
});

test("what a failed request leaves of its transaction is told", () => {
  const requests = [{ path: "/1" }, { name: "second", path: "/2" }, { path: "/3", body: { json: 1 } }];
  const test = { scenarios: [{ name: "a", on_start: [{ name: "t", requests: [] }], transactions: [{ name: "t", requests }] }] };
  const failed = { ...step("a", "transactions", "t", "GET /1"), failure: { kind: "check", message: "no" } } as never;
  const left = (...steps: never[]) => grouped(steps).map((part) => unsent(part, test));
  expect(left(failed)).toEqual([["second", "POST /3"]]);
  expect(left(step("a", "transactions", "t", "GET /1") as never)).toEqual([[]]);
  expect(left(step("a", "transactions", "t", "GET /1") as never, step("a", "transactions", "t", "second") as never, failed)).toEqual([[]]);
  expect(grouped([failed]).map((part) => unsent(part, null)), "of a test that is not known, nothing is").toEqual([[]]);
});
