// What differs between two texts, line by line.

export interface Line {
  kind: "same" | "added" | "removed" | "skipped";
  text: string;
}

/** So many lines beside a change are shown with it. */
const AROUND = 3;
/** Texts with more pairs of lines than that are not compared line by line where they differ. */
const MOST_PAIRS = 4_000_000;

/** Nothing where both are the same. */
export function difference(before: string, after: string): Line[] {
  const lines = changes(linesOf(before), linesOf(after));
  return lines.every(({ kind }) => kind === "same") ? [] : shortened(lines);
}

const linesOf = (text: string) => text.replace(/\n$/, "").split("\n");

/** What is the same at both ends need not be looked at. */
export function changes(old: string[], now: string[]): Line[] {
  let head = 0;
  while (head < Math.min(old.length, now.length) && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const same = (text: string): Line => ({ kind: "same", text });
  const middle = shortest(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  return [...now.slice(0, head).map(same), ...middle, ...now.slice(now.length - tail).map(same)];
}

/** The shortest way from one to the other (longest common subsequence). */
function shortest(old: string[], now: string[]): Line[] {
  if (old.length * now.length > MOST_PAIRS) {
    return [...old.map((text): Line => ({ kind: "removed", text })), ...now.map((text): Line => ({ kind: "added", text }))];
  }
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  const at = (one: number, other: number) => common[one * width + other] as number;
  for (let one = old.length - 1; one >= 0; one--) {
    for (let other = now.length - 1; other >= 0; other--) {
      common[one * width + other] = old[one] === now[other] ? at(one + 1, other + 1) + 1 : Math.max(at(one + 1, other), at(one, other + 1));
    }
  }
  const lines: Line[] = [];
  let [one, other] = [0, 0];
  while (one < old.length || other < now.length) {
    const [was, is] = [old[one], now[other]];
    if (was !== undefined && was === is) {
      lines.push({ kind: "same", text: was });
      one++;
      other++;
    } else if (was !== undefined && (is === undefined || at(one + 1, other) >= at(one, other + 1))) {
      lines.push({ kind: "removed", text: was });
      one++;
    } else {
      lines.push({ kind: "added", text: is as string });
      other++;
    }
  }
  return lines;
}

/** Without the lines that are far from every change. */
function shortened(lines: Line[]): Line[] {
  const near = (at: number) => lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ kind }) => kind !== "same");
  const kept: Line[] = [];
  lines.forEach((line, at) => {
    if (near(at)) kept.push(line);
    else if (kept.at(-1)?.kind !== "skipped") kept.push({ kind: "skipped", text: "" });
  });
  return kept;
}
