import { expect, test } from "vitest";

import { compareSearch, percent, shareOf } from "./view";

test("what is tolerated is a number of percent, with a point or a comma", () => {
  expect(["10", " 2.5 ", "2,5", "0", "10000"].map(percent)).toEqual([10, 2.5, 2.5, 0, 10_000]);
  expect(["-1", "10001", "ten", "2.", "1e3", "10 %", "1,000,0", "Infinity"].map(percent)).toEqual(Array(8).fill(null));
  expect(["", "  "].map(percent)).toEqual([undefined, undefined]);
});

test("an address says it, or says nothing", () => {
  expect(compareSearch({ a: "1", b: "2", tolerated: 10 })).toEqual({ a: "1", b: "2", tolerated: 10 });
  expect(compareSearch({ tolerated: "2.5" }).tolerated).toBe(2.5);
  for (const wrong of [-1, "much", 20_000, null, ["x"], {}]) expect(compareSearch({ tolerated: wrong }).tolerated).toBeUndefined();
});

test("the server is told a share", () => {
  expect([shareOf(10), shareOf(0), shareOf(undefined)]).toEqual([0.1, 0, undefined]);
});
