// What is told first of a run: how it is or how it ended, and what came of it.

import type { RunStatus } from "~/api/schema";
import type { Key } from "~/i18n";

export interface Told {
  status: RunStatus;
  /** That all thresholds held, and that the run did not end itself. */
  passed?: boolean | null;
  requests?: number;
  failures?: number;
  /** Its thresholds, or how many there are; lists know no more, and not even that of old runs. */
  thresholds?: { passed: boolean }[] | number | null;
}

/** In words; the second part is told beside the first. */
export interface Ending {
  first: Key;
  colour: string;
  beside: { word: Key; bad: boolean } | null;
}

const colours: Record<RunStatus, string> = { queued: "gray", running: "teal", completed: "green", stopped: "yellow", failed: "red" };

export function endingOf({ status, passed, requests = 0, failures = 0, thresholds }: Told): Ending {
  const how: Ending = { first: `status.${status}`, colour: colours[status], beside: null };
  if (status === "queued" || status === "running") return how;
  // What has failed has not passed, whatever its thresholds say.
  const each = Array.isArray(thresholds) ? thresholds : null;
  const many = each ? each.length : thresholds;
  const missed = each ? each.some((one) => !one.passed) : status !== "failed" && many !== 0 && passed === false;
  const broken = requests > 0 && failures >= requests;
  const miss = { word: "verdict.missed", bad: true } as const;
  const all = { word: "verdict.all_failed", bad: true } as const;
  if (status === "completed") {
    if (broken) return { first: all.word, colour: "red", beside: missed ? miss : null };
    if (missed || passed === false) return { first: miss.word, colour: "red", beside: null };
    if (passed !== true) return how;
    return many === 0 ? { ...how, beside: { word: "verdict.none", bad: false } } : { ...how, first: "verdict.passed" };
  }
  const held = Boolean(many) && (each !== null || (status === "stopped" && passed === true));
  return { ...how, beside: missed ? miss : broken ? all : held ? { word: "verdict.held", bad: false } : null };
}
