import { expect, test } from "vitest";

import { endingOf, type Told } from "./ending";

const words = (told: Told) => {
  const { first, colour, beside } = endingOf(told);
  return [first, colour, ...(beside ? [beside.word] : [])];
};
const measured = { requests: 10, failures: 1 };

test("a run that was stopped or has failed does not look like one that came to its end", () => {
  expect(words({ status: "stopped", passed: false, ...measured })).toEqual(["status.stopped", "yellow", "verdict.missed"]);
  expect(words({ status: "stopped", passed: true, ...measured })).toEqual(["status.stopped", "yellow"]);
  // One that failed has passed in no case: of its thresholds that says nothing.
  expect(words({ status: "failed", passed: false, ...measured })).toEqual(["status.failed", "red"]);
  expect(words({ status: "failed", passed: false, thresholds: [{ passed: false }] })).toEqual(["status.failed", "red", "verdict.missed"]);
  expect(words({ status: "stopped", passed: true, thresholds: [{ passed: true }] })).toEqual(["status.stopped", "yellow", "verdict.held"]);
});

test("where every request failed, nothing has passed", () => {
  const broken = { requests: 7, failures: 7 };
  expect(words({ status: "completed", passed: true, ...broken })).toEqual(["verdict.all_failed", "red"]);
  expect(words({ status: "completed", passed: false, ...broken })).toEqual(["verdict.all_failed", "red", "verdict.missed"]);
  expect(words({ status: "stopped", passed: true, ...broken })).toEqual(["status.stopped", "yellow", "verdict.all_failed"]);
  expect(words({ status: "running", passed: null, ...broken })).toEqual(["status.running", "teal"]);
});

test("without thresholds nothing was passed, where that is known", () => {
  expect(words({ status: "completed", passed: true, ...measured, thresholds: [] })).toEqual(["status.completed", "green", "verdict.none"]);
  expect(words({ status: "completed", passed: true, ...measured, thresholds: [{ passed: true }] })).toEqual(["verdict.passed", "green"]);
  expect(words({ status: "completed", passed: true, ...measured })).toEqual(["verdict.passed", "green"]);
  // Lists know how many there are, and nothing of those that were kept before they did.
  expect(words({ status: "completed", passed: true, ...measured, thresholds: 0 })).toEqual(["status.completed", "green", "verdict.none"]);
  expect(words({ status: "completed", passed: true, ...measured, thresholds: 2 })).toEqual(["verdict.passed", "green"]);
  expect(words({ status: "completed", passed: false, ...measured, thresholds: 2 })).toEqual(["verdict.missed", "red"]);
  expect(words({ status: "stopped", passed: true, ...measured, thresholds: 2 })).toEqual(["status.stopped", "yellow", "verdict.held"]);
  expect(words({ status: "stopped", passed: false, ...measured, thresholds: 2 })).toEqual(["status.stopped", "yellow", "verdict.missed"]);
  expect(words({ status: "completed", passed: true, ...measured, thresholds: null })).toEqual(["verdict.passed", "green"]);
  expect(words({ status: "completed", passed: null })).toEqual(["status.completed", "green"]);
});
