// A document as a text: what it says, and what is done to its places.

import { type Document, isAlias, isCollection, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, stringify } from "yaml";

import { list, record } from "~/parts/record";

export { list, record };

export type Place = (string | number)[];

/** What somebody does to the document. */
export type Change = (document: Document) => void;

export interface Reading {
  document: Document;
  /** What it says, where it can be read. */
  value: Record<string, unknown>;
  lines: LineCounter;
}

/** Why a text cannot be read, and where. */
export interface Unreadable {
  line: number;
  column: number;
  message: string;
}

interface Parsed {
  text: string;
  document: Document;
  lines: LineCounter;
  /** What it says; looked at once. */
  value: () => unknown;
}

let latest: Parsed | null = null;

/** A text as it is built, not to be changed. What is asked for again is not built again: a large one takes its time. */
export function parsed(text: string): Parsed {
  if (latest?.text === text) return latest;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  let said: { value: unknown } | null = null;
  return (latest = { text, document, lines, value: () => (said ??= { value: says(document) }).value });
}

export function read(text: string): Reading | Unreadable {
  const { document, lines, value } = parsed(text);
  const [error] = document.errors;
  if (error) return { ...at(lines, error.pos[0]), message: error.message };
  if (document.contents && !isMap(document.contents)) return { line: 1, column: 1, message: "must be a map of keys such as `name:` and `target:`" };
  try {
    return { document, value: record(value()), lines };
  } catch (error) {
    return { line: 1, column: 1, message: String(error) };
  }
}

/** As many repetitions of what an anchor stands for as the server takes values, and no more. */
const SAYS = { maxAliasCount: 10_000 };

/** What a document says. */
export const says = (document: Document): unknown => document.toJS(SAYS);

export const isReading = (read: Reading | Unreadable): read is Reading => "document" in read;

function at(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Sets a value; `undefined` takes it out. */
export function put(document: Document, place: Place, value: unknown): void {
  if (value === undefined) {
    own(document, place.slice(0, -1));
    ownFirst(document.getIn(place.slice(0, -1), true));
    return void (document.hasIn(place) && document.deleteIn(place));
  }
  make(document, place.slice(0, -1));
  // Quotes that nothing stood between were there for that alone.
  const there = document.getIn(place, true);
  if (isScalar(there) && there.value === "") delete there.type;
  const plain = value === null || typeof value !== "object";
  document.setIn(place, plain ? value : document.createNode(value));
}

/** Gives each place on the way a copy of its own where it only points to one that stands elsewhere. */
function own(document: Document, place: Place): void {
  for (let depth = 1; depth <= place.length; depth++) {
    const at = place.slice(0, depth);
    const node = document.getIn(at, true);
    if (!isAlias(node)) continue;
    const copy = node.resolve(document)?.clone() as Node & { anchor?: string };
    delete copy.anchor;
    document.setIn(at, copy);
  }
}

/** Makes room on the way to a place: what holds nothing, or a value that cannot hold more, gives way. */
function make(document: Document, place: Place): void {
  own(document, place);
  for (let depth = 1; depth <= place.length; depth++) {
    const at = place.slice(0, depth);
    if (document.hasIn(at) && !isCollection(document.getIn(at, true))) return void document.deleteIn(at);
  }
}

/** Sets a list of texts; of those that stay, what is written beside them does. */
export function fill(document: Document, place: Place, texts: string[]): void {
  own(document, place);
  const list = document.getIn(place, true);
  if (texts.length === 0 || !isSeq(list)) return put(document, place, texts.length > 0 ? texts : undefined);
  const old = list.items.map((item) => (isScalar(item) ? item.value : undefined));
  const least = Math.min(old.length, texts.length);
  let [head, tail] = [0, 0];
  while (head < least && old[head] === texts[head]) head++;
  while (tail < least - head && old.at(-1 - tail) === texts.at(-1 - tail)) tail++;
  const others = texts.slice(head, texts.length - tail).map((text, index) => {
    const item = list.items[head + index];
    // The one in whose place it is: what stands before and behind it is about that place.
    if (head + index >= old.length - tail || !isScalar(item)) return document.createNode(text);
    return Object.assign(item.clone(), { value: text });
  });
  list.items.splice(head, old.length - tail - head, ...others);
}

/** Adds an entry to a list, which need not be there yet. */
export function push(document: Document, place: Place, value: unknown): void {
  own(document, place);
  const list = document.getIn(place, true);
  if (isSeq(list)) list.add(document.createNode(value));
  else put(document, place, [value]);
}

/** The entries of a list, to be moved about. */
function entries(document: Document, place: Place): unknown[] {
  own(document, place);
  const list = document.getIn(place, true);
  return isSeq(list) ? list.items : [];
}

/** What is written before the first entry belongs to that, and not to the list as a whole. */
function ownFirst(list: unknown): void {
  const first = isSeq(list) ? list.items[0] : undefined;
  if (!isSeq(list) || !isNode(first) || !list.commentBefore) return;
  first.commentBefore = [list.commentBefore, first.commentBefore].filter(Boolean).join("\n");
  list.commentBefore = null;
}

export function move(document: Document, place: Place, from: number, to: number): void {
  const items = entries(document, place);
  ownFirst(document.getIn(place, true));
  items.splice(to, 0, ...items.splice(from, 1));
}

/** Doubles an entry; its name says that it is another one. */
export function duplicate(document: Document, place: Place, index: number): void {
  const items = entries(document, place);
  const copy = isNode(items[index]) ? items[index].clone() : document.createNode(items[index]);
  const names = items.map((item) => (isMap(item) ? String(item.get("name")) : ""));
  if (isMap(copy) && copy.has("name")) copy.set("name", another(String(copy.get("name")), names));
  items.splice(index + 1, 0, copy);
}

/** A name that none of `taken` is. */
export function another(name: string, taken: string[]): string {
  const stem = name.replace(/ \d+$/, "");
  let count = 2;
  while (taken.includes(`${stem} ${count}`)) count++;
  return taken.includes(name) ? `${stem} ${count}` : name;
}

/** Where a place is written, or what is around it where it is not. */
export function lineOf({ document, lines }: Reading, place: Place): number {
  let node: unknown = document.contents;
  let offset = (document.contents as Node | null)?.range?.[0] ?? 0;
  for (const step of place) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
      if (pair && isNode(pair.key) && pair.key.range) offset = pair.key.range[0];
      next = pair?.value;
    } else if (isSeq(node) && typeof step === "number") {
      next = node.items[step];
      if (isNode(next) && next.range) offset = next.range[0];
    }
    if (next === undefined) break;
    node = next;
  }
  return at(lines, offset).line;
}

/** `scenarios[0].weight`, as the server writes places. */
export function told(place: Place): string {
  return place.map((step, index) => (typeof step === "number" ? `[${step}]` : index > 0 ? `.${step}` : step)).join("");
}

export const untold = (path: string): Place =>
  Array.from(path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g), ([, index, quoted, name]) =>
    index === undefined ? (quoted ?? name ?? "") : Number(index),
  );

export const write = (value: unknown): string => stringify(value, { lineWidth: 0 });
