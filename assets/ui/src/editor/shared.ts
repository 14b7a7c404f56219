// What a document says now, made of the parts of what it said before: who shows a part that stayed the same need not draw it again, and an
// entry of a list is known again where it has been changed or moved.

/** Entries of lists, by the number that each keeps for as long as it is there. */
const numbers = new WeakMap<object, number>();
let numbered = 0;

/** So many entries are held against each other at most, to see which of them has moved. */
const MOST_COMPARED = 40_000;

const isObject = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === "object";

/** What `now` says, with the parts of `old` that say the same. */
export function shared<T>(old: unknown, now: T): T {
  if (same(old, now)) return old as T;
  if (Array.isArray(old) && Array.isArray(now)) shareEntries(old, now);
  else if (isObject(old) && isObject(now) && Array.isArray(old) === Array.isArray(now)) {
    for (const key of Object.keys(now)) if (Object.hasOwn(old, key)) (now as Record<string, unknown>)[key] = shared(old[key], now[key]);
  }
  return now;
}

function shareEntries(old: unknown[], now: unknown[]): void {
  const least = Math.min(old.length, now.length);
  let [head, tail] = [0, 0];
  while (head < least && same(old[head], now[head])) head++;
  while (tail < least - head && same(old.at(-1 - tail), now.at(-1 - tail))) tail++;
  for (let at = 0; at < head; at++) now[at] = old[at];
  for (let at = 1; at <= tail; at++) now[now.length - at] = old[old.length - at];
  const left = old.slice(head, old.length - tail);
  const changed: number[] = [];
  // Of very many, none is looked for where it may have gone: another document is another one.
  const few = left.length * (now.length - tail - head) <= MOST_COMPARED;
  for (let at = head; at < now.length - tail; at++) {
    const moved = few ? left.findIndex((one) => same(one, now[at])) : -1;
    if (moved < 0) changed.push(at);
    else [now[at]] = left.splice(moved, 1);
  }
  // What is left on both sides was written over, in this order.
  for (const [index, one] of left.entries()) {
    const at = changed[index];
    if (at === undefined) return;
    now[at] = shared(one, now[at]);
    if (isObject(one) && isObject(now[at])) numbers.set(now[at], numberOf(one));
  }
}

/** Whether two values say the same, in the same order. */
export function same(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other)) return false;
  const [keys, others] = [Object.keys(one), Object.keys(other)];
  return keys.length === others.length && keys.every((key, index) => key === others[index] && same(one[key], other[key]));
}

function numberOf(entry: object): number {
  const number = numbers.get(entry) ?? ++numbered;
  numbers.set(entry, number);
  return number;
}

/** What tells the entries of a list from each other. */
export function keysOf(entries: unknown[]): string[] {
  const taken = new Set<string>();
  return entries.map((entry, index) => {
    const own = isObject(entry) ? `${numberOf(entry)}` : `at ${index}`;
    // One that is written once and pointed to from elsewhere.
    const key = taken.has(own) ? `${own} at ${index}` : own;
    taken.add(key);
    return key;
  });
}
