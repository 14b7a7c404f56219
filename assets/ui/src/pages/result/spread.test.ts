import { expect, test } from "vitest";

import { added, none, type Spread } from "./spread";

const told = (at_s: number, classes: number[], step_s = 1) => ({ at_s, step_s, classes });
const total = ({ counts }: Spread) => counts.reduce((all, [, ...each]) => all + each.reduce((sum, count) => sum + count, 0), 0);

test("a step comes behind what is known, and none twice", () => {
  const first = added(none, told(0, [4, 1, 2]));
  expect(added(first, told(0, [4, 9]))).toBe(first);
  expect(added(first, told(3, []))).toEqual({ at: [0, 3], step: 1, counts: [[4, 1, 2], []] });
});

test("a day takes no more steps than an hour, and every answer is still counted", () => {
  let spread = none;
  for (let at = 0; at < 20_000; at++) spread = added(spread, told(at, [at % 40, 1, 2]));
  expect(spread.at.length).toBeLessThanOrEqual(2_400);
  expect(spread.step).toBe(16);
  expect(total(spread)).toBe(60_000);
  expect(spread.at.every((at, place) => place === 0 || at > (spread.at[place - 1] ?? 0))).toBe(true);
});

test("where the server takes longer steps, so does the page, from the beginning on", () => {
  const short = [0, 1, 2, 3].reduce((all, at) => added(all, told(at, [2, 1])), none);
  expect(added(short, told(4, [1, 7, 1], 2))).toEqual({ at: [0, 2, 4], step: 2, counts: [[2, 2], [2, 2], [1, 7, 1]] });
});
