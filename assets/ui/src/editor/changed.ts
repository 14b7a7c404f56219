// A text with a change: what the change does not touch stays as it was written, to the last blank.

import { type Document, isMap, isNode, isSeq, parseDocument } from "yaml";

import { changes } from "~/parts/difference";

import { type Change, says } from "./document";

export function changed(text: string, change: Change): string {
  const document = parseDocument(text);
  const print = printer(text);
  const before = print(document);
  change(document);
  const after = print(document);
  const meant = JSON.stringify(says(document));
  if (isJson(text)) return JSON.stringify(says(document), null, indentOf(text)) + (text.endsWith("\n") ? "\n" : "");
  const merged = merge(text, before, after);
  const read = parseDocument(merged);
  return read.errors.length === 0 && JSON.stringify(says(read)) === meant ? merged : after;
}

/** What the server reads as JSON. */
export const isJson = (text: string): boolean => text.trimStart().startsWith("{");

const indentOf = (text: string): number => /\n( +)\S/.exec(text)?.[1]?.length ?? 0;

/** Writes a document in the manner of a text. */
export function printer(text: string): (document: Document) => string {
  const options = {
    lineWidth: 0,
    indent: Math.max(2, /^( +)[^\s#]/m.exec(text)?.[1]?.length ?? 0),
    indentSeq: !/^( *)(?:- +)?[^\s#-].*:[^\S\n]*(?:#.*)?\n\1- /m.test(text),
    // `${param:x}` is no collection.
    flowCollectionPadding: !/(^|[^${])\{[^\s{}]/m.test(text),
  };
  return (document) => document.toString(options);
}

/** Takes over into `text` what differs between how it is printed before and after. */
function merge(text: string, before: string, after: string): string {
  const [own, old, now] = [text, before, after].map((one) => one.split("\n")) as [string[], string[], string[]];
  const lines = linesOf(text, before);
  // Behind the last line.
  if (own.at(-1) === "") lines.set(old.length - 1, own.length - 1);
  // What begins nowhere in the text goes with what is before it.
  const place = (line: number) => (line === 0 ? 0 : line === old.length ? own.length : lines.get(line));
  const out: string[] = [];
  let kept = 0;
  for (let { from, to, with: [first, last] } of hunks(old, now)) {
    for (; place(from) === undefined; from--) first--;
    for (; place(to) === undefined; to++) last++;
    const [start, end] = [place(from) as number, place(to) as number];
    // Two that share a beginning cannot be told apart: all of it is taken as it is printed.
    if (start < kept) return after;
    out.push(...own.slice(kept, start), ...now.slice(first, last));
    kept = end;
  }
  return [...out, ...own.slice(kept)].join("\n");
}

interface Hunk {
  from: number;
  to: number;
  with: [first: number, last: number];
}

/** Where two texts differ, in lines of both. */
function hunks(old: string[], now: string[]): Hunk[] {
  const found: Hunk[] = [];
  let [one, other, open] = [0, 0, false];
  for (const { kind } of changes(old, now)) {
    if (kind !== "same" && !open) found.push({ from: one, to: one, with: [other, other] });
    open = kind !== "same";
    if (kind !== "added") one++;
    if (kind !== "removed") other++;
    const last = found.at(-1);
    if (open && last) [last.to, last.with[1]] = [one, other];
  }
  return found;
}

/** Of each line of what is printed the line of the text on which the same begins. */
function linesOf(text: string, printed: string): Map<number, number> {
  const own = beginnings(text);
  const lines = new Map<number, number>();
  for (const [place, line] of beginnings(printed)) {
    const there = own.get(place);
    if (there !== undefined) lines.set(line, there);
  }
  return lines;
}

/** The line of each place that begins one. */
function beginnings(text: string): Map<string, number> {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const found = new Map<string, number>();
  let line = 0;
  const note = (place: string, offset: number | undefined) => {
    if (offset === undefined) return;
    while (line + 1 < starts.length && (starts[line + 1] as number) <= offset) line++;
    while (line > 0 && (starts[line] as number) > offset) line--;
    if (/^[ -]*$/.test(text.slice(starts[line], offset))) found.set(place, line);
  };
  const walk = (node: unknown, place: string) => {
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const name = `${place}.${JSON.stringify(isNode(key) ? key.toJSON() : key)}`;
        note(name, isNode(key) ? key.range?.[0] : undefined);
        walk(value, name);
      }
    } else if (isSeq(node)) {
      node.items.forEach((item, index) => {
        note(`${place}[${index}]`, isNode(item) ? item.range?.[0] : undefined);
        walk(item, `${place}[${index}]`);
      });
    }
  };
  walk(parseDocument(text).contents, "");
  return found;
}
