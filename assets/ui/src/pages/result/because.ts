// Why a run ended before its time.

import type { Killed } from "~/api/schema";
import type { Key } from "~/i18n";

/** How the server tells that somebody ended it. What else it tells is its own sentence. */
const STOPPED_BY = /^stopped by (.+)$/;
const told: Record<string, Key> = { killed: "result.killed", "it was taken out of the queue": "result.taken_out" };

/** In words of the page, where it has any. */
export function becauseOf(why: string): [words: Key, values?: { name: string }] | null {
  const name = STOPPED_BY.exec(why)?.[1];
  if (name) return ["result.stopped_by", { name }];
  const words = told[why];
  return words ? [words] : null;
}

/** What came of ending everything, in words. */
export function killedOf({ run_id, cancelled }: Killed): [words: Key, values: { count: number }] {
  const count = cancelled.length;
  if (run_id) return [count > 0 ? "result.kill_all_both" : "result.kill_all_run", { count }];
  return [count > 0 ? "result.kill_all_queue" : "result.kill_all_none", { count }];
}
