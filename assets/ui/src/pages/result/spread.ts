// How response times were spread over time: counts by classes, step by step, as the server packs them.

/** Steps of one length; each has its first class with any, and the counts from it on. Never changed: a new one takes its place. */
export interface Spread {
  /** Seconds at which the steps begin. */
  at: number[];
  step: number;
  counts: number[][];
}

/** Nothing was answered yet. */
export const none: Spread = { at: [], step: 1, counts: [] };

/** Most steps that are kept while a run goes on. Beyond, each two become one, and none is lost. */
const MOST = 2_400;

/** The same with one more step, where that is new. */
export function added(spread: Spread, told: { at_s: number; step_s: number; classes: number[] }): Spread {
  if (told.at_s <= (spread.at.at(-1) ?? -1)) return spread;
  const all = { at: [...spread.at, told.at_s], step: spread.step, counts: [...spread.counts, told.classes] };
  const step = Math.max(told.step_s, all.at.length > MOST ? all.step * 2 : all.step);
  return inSteps(all, step);
}

/** The same in steps of this length. */
function inSteps({ at, counts }: Spread, step: number): Spread {
  const joined: Spread = { at: [], step, counts: [] };
  at.forEach((second, place) => {
    const begins = second - (second % step);
    const now = counts[place] ?? [];
    const last = joined.at.length - 1;
    if (joined.at[last] === begins) joined.counts[last] = sum(joined.counts[last] ?? [], now);
    else {
      joined.at.push(begins);
      joined.counts.push(now);
    }
  });
  return joined;
}

/** The counts of two steps together. */
function sum(one: number[], other: number[]): number[] {
  if (one.length === 0 || other.length === 0) return one.length > 0 ? one : other;
  const [[first = 0, ...ones], [second = 0, ...others]] = [one, other];
  const from = Math.min(first, second);
  const to = Math.max(first + ones.length, second + others.length);
  const counts = Array.from({ length: to - from }, (_, place) => (ones[from + place - first] ?? 0) + (others[from + place - second] ?? 0));
  return [from, ...counts];
}
