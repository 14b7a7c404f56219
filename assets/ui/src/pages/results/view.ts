// What is seen of the list of runs, as it stands in the address.

import type { RunStatus } from "~/api/schema";
import type { Sort } from "~/parts/heading";

export const statuses: RunStatus[] = ["queued", "running", "completed", "stopped", "failed"];
const fields = ["name", "status", "created_at", "duration_s", "requests", "failures", "rps", "p95_ms"];

export interface ResultsSearch {
  name?: string | undefined;
  status?: RunStatus | undefined;
  passed?: boolean | undefined;
  /** Who has started them. */
  owner?: string | undefined;
  recipe?: string | undefined;
  sort?: Sort | undefined;
}

/** Whether not all runs are wanted. */
export const filtered = ({ sort: _, ...filters }: ResultsSearch): boolean => Object.values(filters).some((value) => value !== undefined);

/** What an address says; what it should not say is left out. */
export function resultsSearch(told: Record<string, unknown>): ResultsSearch {
  const sort = String(told["sort"] ?? "");
  const text = (key: string) => (told[key] == null || told[key] === "" ? undefined : String(told[key]));
  return {
    name: text("name"),
    owner: text("owner"),
    recipe: text("recipe"),
    passed: String(told["passed"]) === "true" ? true : String(told["passed"]) === "false" ? false : undefined,
    status: statuses.find((status) => status === told["status"]),
    sort: fields.includes(sort.replace(/^-/, "")) ? sort : undefined,
  };
}
