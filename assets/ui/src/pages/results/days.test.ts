import { afterEach, expect, test } from "vitest";

import { beginOf, dayOf, endOf } from "./days";

const zone = process.env["TZ"];
const HOUR_MS = 3_600_000;
const hours = (day: string) => (Date.parse(endOf(day)) - Date.parse(beginOf(day))) / HOUR_MS;

afterEach(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

test("a day is one of the calendar", () => {
  expect(["2026-01-31", "2028-02-29", "1970-01-01"].map(dayOf)).toEqual(["2026-01-31", "2028-02-29", "1970-01-01"]);
  const none = ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "0002-01-01", "9999-12-31", "2026-01-31T00:00", "today", "", 20260131, null, undefined, ["2026-01-31", 1]];
  expect(none.map(dayOf).filter((day) => day !== undefined)).toEqual([]);
});

test("it begins and ends at midnight where it is looked at", () => {
  process.env["TZ"] = "Europe/Berlin";
  expect([beginOf("2026-01-31"), endOf("2026-01-31")]).toEqual(["2026-01-30T23:00:00.000Z", "2026-01-31T23:00:00.000Z"]);
  process.env["TZ"] = "America/Los_Angeles";
  expect([beginOf("2026-12-31"), endOf("2026-12-31")]).toEqual(["2026-12-31T08:00:00.000Z", "2027-01-01T08:00:00.000Z"]);
});

test("the end of a day is the beginning of the next, also where the clocks change", () => {
  process.env["TZ"] = "Europe/Berlin";
  expect([hours("2026-03-29"), hours("2026-10-25"), hours("2026-10-26")]).toEqual([23, 25, 24]);
  expect(endOf("2026-03-29")).toBe(beginOf("2026-03-30"));
  // There is no midnight: the day begins at one o'clock.
  process.env["TZ"] = "Africa/Cairo";
  expect(hours("2026-04-24")).toBe(23);
  expect(endOf("2026-04-23")).toBe(beginOf("2026-04-24"));
});
