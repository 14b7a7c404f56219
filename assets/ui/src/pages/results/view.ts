// What is seen of the list of runs, as it stands in the address.

import type { RunStatus } from "~/api/schema";
import type { Sort } from "~/parts/heading";

export const statuses: RunStatus[] = ["queued", "running", "completed", "stopped", "failed"];
const fields = ["name", "status", "created_at", "duration_s", "requests", "failures", "rps", "p95_ms"];

export interface ResultsSearch {
  name?: string | undefined;
  status?: RunStatus | undefined;
  sort?: Sort | undefined;
}

/** What an address says; what it should not say is left out. */
export function resultsSearch(told: Record<string, unknown>): ResultsSearch {
  const sort = String(told["sort"] ?? "");
  return {
    name: told["name"] == null ? undefined : String(told["name"]),
    status: statuses.find((status) => status === told["status"]),
    sort: fields.includes(sort.replace(/^-/, "")) ? sort : undefined,
  };
}
