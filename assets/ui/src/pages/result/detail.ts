// What the outcome of a run tells of one request.

import type { Outcome, OutcomeCheckStats, OutcomeRequestStats, OutcomeTimingStats } from "~/api/schema";
import { colours } from "~/parts/colours";

import { type Series, seriesOf } from "./model";

/** The parts of a response time in the order in which they happen. */
const PARTS = {
  blocked: colours.grey, dns: colours.pink, connect: colours.orange, tls: colours.red, send: colours.sky, wait: colours.blue, receive: colours.green,
};

export interface Part extends OutcomeTimingStats {
  name: keyof typeof PARTS;
  colour: string;
  /** Of the average request, 0 to 1: a part that few requests have, such as connecting, counts for those alone. */
  share: number;
}

export function partsOf(timings: OutcomeRequestStats["timings_ms"]): Part[] {
  const known = (Object.keys(PARTS) as Part["name"][]).flatMap((name) => (timings[name] ? [{ name, ...timings[name] }] : []));
  const time = ({ avg, count }: OutcomeTimingStats) => Math.max(avg, 0) * count;
  const all = known.reduce((sum, part) => sum + time(part), 0);
  return known.map((part) => ({ ...part, colour: PARTS[part.name], share: all > 0 ? time(part) / all : 0 }));
}

export interface Status {
  /** Nothing where no answer came. */
  code: string | null;
  count: number;
  share: number;
  p95: number | null;
}

const NONE = "none";

export function statusesOf({ requests, status_codes, by_status }: OutcomeRequestStats): Status[] {
  const unanswered = by_status[NONE];
  const counts = Object.entries({ ...status_codes, ...(unanswered ? { [NONE]: unanswered.requests } : {}) });
  return counts
    .map(([code, count]) => ({
      code: code === NONE ? null : code, count, share: requests > 0 ? count / requests : 0, p95: by_status[code]?.latency_ms.p95 ?? null,
    }))
    .sort((a, b) => b.count - a.count);
}

/** Values over time of a request: of the names that matter most they are kept. */
export function seriesOfRequest({ series, series_by_request }: Outcome, name: string): Series | null {
  const told = series_by_request?.find((of) => of.name === name);
  if (!told) return null;
  const { requests, failures, p50_ms, p95_ms } = told;
  return seriesOf({ ...series, requests, failures, p50_ms, p95_ms, classes: [] });
}

/** Those that did not always hold come first, the most frequent before the others. */
export const failedFirst = (checks: OutcomeCheckStats[]): OutcomeCheckStats[] => [...checks].sort((a, b) => b.failed - a.failed);
