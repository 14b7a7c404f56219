import { expect, test } from "vitest";

import { fullest, rangeOf } from "./summary";

test("a line is told by its least, its most and its last", () => {
  expect(rangeOf([null, 3, 1, 2, null])).toEqual({ least: 1, most: 3, last: 2 });
  expect(rangeOf([null])).toBeNull();
  expect(rangeOf([])).toBeNull();
});

test("a spread is told by where it begins, ends and is fullest", () => {
  expect(fullest([[3, 1, 5], [], [2, 1, 0, 4]])).toEqual({ least: 2, most: 4, full: 4 });
  expect(fullest([[7, 2]])).toEqual({ least: 7, most: 7, full: 7 });
  expect(fullest([[], []])).toBeNull();
});
