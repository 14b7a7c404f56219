// A text with a change: what the change does not touch stays as it was written, to the last blank.

import { Document, isAlias, isMap, isNode, isScalar, isSeq, parseDocument, type Scalar } from "yaml";

import { changes } from "~/parts/difference";

import { type Change, parsed, says } from "./document";
import { same } from "./shared";

export function changed(text: string, change: Change): string {
  const { document: old } = parsed(text);
  const document = old.clone();
  change(document);
  const meant = says(document);
  if (isJson(text)) return JSON.stringify(meant, null, indentOf(text)) + (text.endsWith("\n") ? "\n" : "");
  const means = (text: string) => {
    const { document, value } = parsed(text);
    return document.errors.length === 0 && same(value(), meant);
  };
  const typed = withValue(text, old, document);
  if (typed !== null && means(typed)) return typed;
  const print = printer(text);
  const [before, after] = [print(old), print(document)];
  const merged = before === text ? after : merge(text, old, before, after);
  return means(merged) ? merged : after;
}

/** The text where nothing but one value of a line is another, as while somebody types: a large document need not be printed for that. */
function withValue(text: string, old: Document, now: Document): string | null {
  const others = differing(old.contents, now.contents);
  const [pair, more] = others ?? [];
  if (!pair || more) return null;
  const [was, is] = pair;
  if (!was.range || was.anchor || was.tag || is.anchor || is.tag) return null;
  const own = text.slice(was.range[0], was.range[1]);
  const alone = new Document(Object.assign(is.clone(), { comment: null, commentBefore: null, spaceBefore: false }));
  const value = printer(text)(alone).trimEnd();
  return own === "" || /\n/.test(own + value) ? null : text.slice(0, was.range[0]) + value + text.slice(was.range[1]);
}

/** The values that are others; nothing where more than values is. */
function differing(old: unknown, now: unknown): [Scalar, Scalar][] | null {
  if (isScalar(old) && isScalar(now)) return Object.is(old.value, now.value) ? [] : [[old, now]];
  if (isAlias(old) && isAlias(now)) return old.source === now.source ? [] : null;
  const [ones, others] = [partsOf(old), partsOf(now)];
  if (ones?.length !== others?.length) return null;
  const found: [Scalar, Scalar][] = [];
  for (const [index, one] of ones?.entries() ?? []) {
    const more = differing(one, others?.[index]);
    if (!more) return null;
    found.push(...more);
  }
  return found;
}

const partsOf = (node: unknown): unknown[] | null => (isMap(node) ? node.items.flatMap(({ key, value }) => [key, value]) : isSeq(node) ? node.items : null);

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
function merge(text: string, document: Document, before: string, after: string): string {
  const [own, old, now] = [text, before, after].map((one) => one.split("\n")) as [string[], string[], string[]];
  const lines = linesOf(text, document, before);
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
function linesOf(text: string, document: Document, printed: string): Map<number, number> {
  const own = beginnings(text, document);
  const lines = new Map<number, number>();
  for (const [place, line] of beginnings(printed, parseDocument(printed))) {
    const there = own.get(place);
    if (there !== undefined) lines.set(line, there);
  }
  return lines;
}

/** The line of each place that begins one. */
function beginnings(text: string, document: Document): Map<string, number> {
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
  walk(document.contents, "");
  return found;
}
