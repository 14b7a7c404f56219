// A test made small, to see whether its requests are right.

import type { Document } from "yaml";

import { changed, list, type Place, put, record } from "./document";

/** One user for each scenario and one pass through it, in which each transaction is run once. */
export const dry = (text: string): string =>
  changed(text, (document) => {
    const scenarios = list(record(document.toJS())["scenarios"]);
    put(document, ["load"], { users: Math.max(scenarios.length, 1), iterations: 1 });
    for (const key of ["thresholds", "abort_on_threshold", "scheduler"]) put(document, [key], undefined);
    scenarios.forEach((scenario, index) => single(document, ["scenarios", index], scenario));
  });

function single(document: Document, place: Place, scenario: unknown): void {
  put(document, [...place, "weight"], undefined);
  list(record(scenario)["transactions"]).forEach((_, index) => put(document, [...place, "transactions", index, "weight"], undefined));
}
