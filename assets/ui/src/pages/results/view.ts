// What is seen of the list of runs, as it stands in the address.

import type { RunStatus } from "~/api/schema";
import type { Sort } from "~/parts/heading";
import { isId } from "~/parts/id";

import { dayOf } from "./days";

export const statuses: RunStatus[] = ["queued", "running", "completed", "stopped", "failed"];
const fields = ["name", "status", "created_at", "duration_s", "requests", "failures", "rps", "p95_ms"];

/** So many runs are compared. */
const PICKED = 2;

export interface ResultsSearch {
  name?: string | undefined;
  status?: RunStatus | undefined;
  passed?: boolean | undefined;
  /** Who has started them. */
  owner?: string | undefined;
  recipe?: string | undefined;
  /** The first day on which they began. */
  from?: string | undefined;
  /** The last one. */
  to?: string | undefined;
  sort?: Sort | undefined;
  /** The runs that are to be compared. */
  picked?: string[] | undefined;
}

/** Whether not all runs are wanted. */
export const filtered = ({ sort: _, picked: __, ...filters }: ResultsSearch): boolean => Object.values(filters).some((value) => value !== undefined);

/** Whether the last day is before the first: no run began then. */
export const reversed = ({ from, to }: ResultsSearch): boolean => from !== undefined && to !== undefined && to < from;

/** The same with one run picked, or no longer; beyond two, the one that was picked first gives way. */
export function toggled(picked: string[], id: string): string[] | undefined {
  const now = picked.includes(id) ? picked.filter((other) => other !== id) : [...picked, id].slice(-PICKED);
  return now.length > 0 ? now : undefined;
}

/** What an address says; what it should not say is left out. */
export function resultsSearch(told: Record<string, unknown>): ResultsSearch {
  const sort = String(told["sort"] ?? "");
  const text = (key: string) => (told[key] == null || told[key] === "" ? undefined : String(told[key]));
  const picked = Array.isArray(told["picked"]) ? [...new Set(told["picked"].map(String).filter(isId))].slice(0, PICKED) : [];
  return {
    name: text("name"),
    owner: text("owner"),
    recipe: text("recipe"),
    from: dayOf(told["from"]),
    to: dayOf(told["to"]),
    passed: String(told["passed"]) === "true" ? true : String(told["passed"]) === "false" ? false : undefined,
    status: statuses.find((status) => status === told["status"]),
    sort: fields.includes(sort.replace(/^-/, "")) ? sort : undefined,
    picked: picked.length > 0 ? picked : undefined,
  };
}
