// What is looked at of a result, as it stands in the address.

import type { LogLevel } from "~/api/schema";
import type { Sort } from "~/parts/heading";

export const tabs = ["requests", "errors", "breakdown", "logs", "others", "test"] as const;
export type Tab = (typeof tabs)[number];

export const levels: LogLevel[] = ["debug", "info", "warn", "error"];

/** What requests are sorted by. */
export const measures = ["name", "requests", "failures", "rps", "p50", "p95", "p99"] as const;

/** So many requests are open at once; an address is not to grow beyond what servers take. */
const MOST_OPEN = 10;

export interface ResultSearch {
  tab?: Tab | undefined;
  /** The order of the requests. */
  sort?: Sort | undefined;
  /** The requests that are open, by name. */
  open?: string[] | undefined;
  /** The least level of the log's lines that are shown. */
  level?: LogLevel | undefined;
  /** What is searched for in the log. */
  line?: string | undefined;
}

/** What an address says; what it should not say is left out. */
export function resultSearch(told: Record<string, unknown>): ResultSearch {
  const sort = String(told["sort"] ?? "");
  const open = Array.isArray(told["open"]) ? [...new Set(told["open"].map(String))].slice(-MOST_OPEN) : [];
  return {
    tab: tabs.find((tab) => tab === told["tab"]),
    sort: measures.some((measure) => measure === sort.replace(/^-/, "")) ? sort : undefined,
    open: open.length > 0 ? open : undefined,
    level: levels.find((level) => level === told["level"]),
    line: told["line"] == null || told["line"] === "" ? undefined : String(told["line"]),
  };
}

/** The same with one request opened, or closed; beyond the most, the one that was opened first is closed. */
export function toggled(open: string[], name: string): string[] | undefined {
  const now = open.includes(name) ? open.filter((other) => other !== name) : [...open, name].slice(-MOST_OPEN);
  return now.length > 0 ? now : undefined;
}
