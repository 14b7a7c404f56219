// Where a run stands among those before it.

import type { TrendLine } from "~/api/schema";

/** Of n + 1 runs that are alike, the newest is the worst in one of n + 1 cases: with fewer, that would say little. */
const ENOUGH = 5;

export type Standing = "within" | "better" | "worse" | "unknown";

/** Whether the newest run is outside of all that the earlier ones were. */
export function placeOf({ measure, newest, earlier_min: least, earlier_max: most }: TrendLine, earlier: number): Standing {
  if (earlier < ENOUGH) return "unknown";
  if (newest >= least && newest <= most) return "within";
  return newest > most === (measure === "rps") ? "better" : "worse";
}
