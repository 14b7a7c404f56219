import { expect, test } from "vitest";

import { placeOf } from "./place";

const line = (measure: string, newest: number) => ({ measure, newest, earlier: 5, earlier_min: 4, earlier_max: 6 });

test("a run stands out where it is outside of at least five", () => {
  expect(placeOf(line("p95_ms", 7), 4)).toBe("unknown");
  expect(placeOf(line("p95_ms", 6), 5)).toBe("within");
  expect(placeOf(line("p95_ms", 7), 5)).toBe("worse");
  expect(placeOf(line("p95_ms", 3), 5)).toBe("better");
  expect(placeOf(line("rps", 7), 5)).toBe("better");
  expect(placeOf(line("rps", 3), 5)).toBe("worse");
});
