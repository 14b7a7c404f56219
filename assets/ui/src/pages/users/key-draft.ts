// A key as it is written in the form, and as it is sent.

import type { NewKey, Scope } from "~/api/schema";
import { either, fieldsOf, type Fits, isNumber, isOneOf, isText, listOf, recordOf } from "~/parts/fits";

import type { counted } from "./limits";

export const ends = ["days_30", "days_90", "days_365", "never", "at"] as const;
const days: Partial<Record<(typeof ends)[number], number>> = { days_30: 30, days_90: 90, days_365: 365 };
const DAY_MS = 86_400_000;

export interface KeyDraft {
  name: string;
  scopes: Scope[];
  end: (typeof ends)[number];
  /** By the clock of whoever writes: `2026-01-31T12:00`. */
  at: string;
  limits: Partial<Record<(typeof counted)[number], number | null>>;
  /** One a line. */
  targets: string;
}

export const isKeyDraft = fieldsOf<KeyDraft>({
  name: isText,
  // Whether they are there, and whose, is asked where they are used.
  scopes: listOf(isText) as Fits<Scope[]>,
  end: isOneOf(ends), at: isText, limits: recordOf(either(isNumber, isOneOf([null]))), targets: isText,
});

export const EMPTY: KeyDraft = { name: "", scopes: ["maid.read"], end: "days_90", at: "", limits: {}, targets: "" };

export function keyOf(draft: KeyDraft): NewKey {
  const targets = draft.targets.split("\n").map((line) => line.trim()).filter(Boolean);
  const limits = Object.fromEntries(Object.entries(draft.limits).filter(([, value]) => value != null));
  return {
    name: draft.name.trim(),
    scopes: draft.scopes,
    expires_at: end(draft),
    metadata: { ...limits, ...(targets.length > 0 && { targets }) },
  };
}

function end({ end, at }: KeyDraft): string | null {
  if (end === "at") return new Date(at).toISOString();
  const later = days[end];
  return later ? new Date(Date.now() + later * DAY_MS).toISOString() : null;
}
