// What is seen of the audit log, as it stands in the address.

import type { AuditAction } from "~/api/schema";

import { actions } from "./actions";

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

/** A time as the server takes it; what is none is left out. */
export function moment(told: unknown): string | undefined {
  const time = new Date(text(told) ?? "");
  return Number.isNaN(time.getTime()) || time.getTime() < 0 || time.getUTCFullYear() > 9999 ? undefined : time.toISOString();
}

export const auditSearch = (told: Record<string, unknown>): AuditSearch => ({
  actor: text(told["actor"]),
  action: actions.find((one) => one === told["action"]),
  outcome: outcomes.find((one) => one === told["outcome"]),
  target: text(told["target"]),
  since: moment(told["since"]),
  until: moment(told["until"]),
  entry: Number(told["entry"]) || undefined,
});
