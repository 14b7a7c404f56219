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
