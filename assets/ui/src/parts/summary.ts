// What a picture comes to, for whoever does not see it.

/** The least, the most and the last of some values; nothing where there are none. */
export function rangeOf(values: (number | null)[]): { least: number; most: number; last: number } | null {
  let [least, most, last] = [Infinity, -Infinity, NaN];
  for (const value of values) {
    if (value == null) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
    last = value;
  }
  return least > most ? null : { least, most, last };
}

/** Of counts by classes, each step with its first class before them: the lowest and the highest with any, and the fullest. */
export function fullest(counts: number[][]): { least: number; most: number; full: number } | null {
  const sums: number[] = [];
  for (const [first = 0, ...each] of counts) each.forEach((count, place) => (sums[first + place] = (sums[first + place] ?? 0) + count));
  const known = [...sums.keys()].filter((place) => sums[place]);
  const [least, most] = [known[0], known.at(-1)];
  if (least === undefined || most === undefined) return null;
  return { least, most, full: known.reduce((one, other) => ((sums[other] ?? 0) > (sums[one] ?? 0) ? other : one)) };
}
