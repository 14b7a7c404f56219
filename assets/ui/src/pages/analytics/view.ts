// What is seen of the page, as it stands in the address.

export type By = "day" | "principal" | "model";

export interface AnalyticsSearch {
  /** The question that was asked. */
  q?: string;
  days?: number;
  by?: By;
}

export const spans = [7, 30, 90];
export const bys: By[] = ["day", "principal", "model"];

export const analyticsSearch = (told: Record<string, unknown>): AnalyticsSearch => ({
  q: told["q"] == null || told["q"] === "" ? undefined : String(told["q"]),
  days: spans.find((days) => days === told["days"]),
  by: bys.find((by) => by === told["by"]),
});

/** Days as `2026-11-22`, the oldest first, today included; of the reader's calendar, or of UTC. */
export function lastDays(count: number, utc = false): string[] {
  const now = new Date();
  return Array.from({ length: count }, (_, back) => {
    const day = new Date(now);
    if (utc) day.setUTCDate(now.getUTCDate() - (count - 1 - back));
    else day.setDate(now.getDate() - (count - 1 - back));
    return dayOf(day, utc);
  });
}

export function dayOf(at: Date, utc = false): string {
  if (utc) return at.toISOString().slice(0, 10);
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}
