// What is seen of the audit log, as it stands in the address.

import type { AuditAction } from "~/api/schema";

export const outcomes = ["done", "denied", "failed"] as const;

export interface AuditSearch {
  actor?: string;
  action?: AuditAction;
  outcome?: (typeof outcomes)[number];
  target?: string;
  since?: string;
  until?: string;
  /** The entry whose details are open. */
  entry?: number;
}

const text = (told: unknown) => (told == null || told === "" ? undefined : String(told));

export const auditSearch = (told: Record<string, unknown>): AuditSearch => ({
  actor: text(told["actor"]),
  action: text(told["action"]) as AuditAction | undefined,
  outcome: outcomes.find((one) => one === told["outcome"]),
  target: text(told["target"]),
  since: text(told["since"]),
  until: text(told["until"]),
  entry: Number(told["entry"]) || undefined,
});
