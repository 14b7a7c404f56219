// What a comparison comes down to.

import type { Comparison, ComparisonCompared, ComparisonMeasure } from "~/api/schema";

/** Of B, seen from A. */
export type Change = "worse" | "better" | "same";

/** Whether more of a measure is worse. */
const moreIsWorse = ({ name }: ComparisonMeasure) => name !== "rps";

/** What is within noise is no change, and where noise is not known nothing is said. */
export function changeOf(measure: ComparisonMeasure): Change {
  if (measure.beyond_noise !== true || measure.delta === 0) return "same";
  return measure.delta > 0 === moreIsWorse(measure) ? "worse" : "better";
}

/** What can be judged: all requests together, or where the tests differ each that both have. */
export function judged({ total, by_request }: Comparison): ComparisonCompared[] {
  return total.measures.some(({ beyond_noise }) => beyond_noise != null) ? [total] : by_request;
}

/** What all measures together say; nothing where none of them could be judged. */
export function verdictOf(...compared: ComparisonCompared[]): Change | "mixed" | "unknown" {
  const measures = compared.flatMap(({ measures }) => measures);
  if (measures.every(({ beyond_noise }) => beyond_noise == null)) return "unknown";
  const changes = measures.map(changeOf);
  const [worse, better] = [changes.includes("worse"), changes.includes("better")];
  return worse && better ? "mixed" : worse ? "worse" : better ? "better" : "same";
}

/** The same, where something is tolerated: what is worse by more decides, whichever request it is of; what is worse by less does not. */
export function verdictWith(comparison: Comparison): ReturnType<typeof verdictOf> | "over" | "within" {
  const verdict = verdictOf(...judged(comparison));
  if (comparison.max_regression == null) return verdict;
  if (comparison.regressions.length > 0) return "over";
  // Of throughput and means nothing is tolerated, so that they are none of what is forgiven.
  const forgiven = judged(comparison).flatMap(({ measures }) => measures).filter((measure) => changeOf(measure) === "worse");
  if (forgiven.some(({ name }) => name === "rps" || name === "avg")) return verdict;
  return verdict === "worse" || verdict === "mixed" ? "within" : verdict;
}

/** Requests that go another way than all together, which the verdict on those would hide. */
export function apartFrom(verdict: ReturnType<typeof verdictWith>, comparison: Comparison): Record<Change | "mixed", ComparisonCompared[]> {
  const hides = verdict === "same" || verdict === "worse" || verdict === "better";
  const each = hides && judged(comparison)[0] === comparison.total ? comparison.by_request : [];
  const of = (way: Change | "mixed") => (way === verdict ? [] : each.filter((one) => verdictOf(one) === way));
  return { worse: of("worse"), mixed: of("mixed"), better: of("better"), same: [] };
}

/** What the server never takes for a change, in ms (docs/reports.md). */
const LEAST_MS = 0.1;
/** By what little a percentile may differ within one bucket of the server's histogram, as a share. */
const BUCKET = 0.01;

/** Why a change is none; nothing where it says so itself. */
export function noiseOf({ name, delta, change, beyond_noise }: ComparisonMeasure): "small" | "overlap" | "unsure" | null {
  if (beyond_noise !== false || delta === 0) return null;
  if (name === "error_rate") return "unsure";
  if (Math.abs(delta) <= LEAST_MS) return "small";
  if (change != null && Math.abs(change) < BUCKET) return null;
  return name === "avg" ? "unsure" : "overlap";
}

/** What is worse by more than is tolerated, and is not counted since it is noise. */
export function excused(comparison: Comparison): { name: string; measure: ComparisonMeasure }[] {
  const most = comparison.max_regression;
  if (most == null) return [];
  const counts = ({ name, change, beyond_noise }: ComparisonMeasure) =>
    name !== "rps" && name !== "avg" && beyond_noise === false && change != null && change > most;
  return judged(comparison).flatMap(({ name, measures }) => measures.filter(counts).map((measure) => ({ name, measure })));
}
