// The LoadTest as a text: what it says, and how one place of it is changed while all else stays as it was written.

import { type Document, Document as OwnDocument, isAlias, isCollection, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, stringify } from "yaml";

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

export function read(text: string): Reading | Unreadable {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) return { ...at(lines, error.pos[0]), message: error.message };
  if (document.contents && !isMap(document.contents)) return { line: 1, column: 1, message: "must be a map of keys such as `name:` and `target:`" };
  try {
    return { document, value: record(document.toJS()), lines };
  } catch (error) {
    return { line: 1, column: 1, message: String(error) };
  }
}

export const isReading = (read: Reading | Unreadable): read is Reading => "document" in read;

function at(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Writes a document in the manner of a text. */
function printer(text: string): (document: Document) => string {
  const [, blanks = ""] = /^( +)[^\s#]/m.exec(text) ?? [];
  const options = {
    lineWidth: 0,
    indent: blanks.length > 1 ? blanks.length : 2,
    indentSeq: !/^( *)(?:- +)?[^\s#-].*:[^\S\n]*(?:#.*)?\n\1- /m.test(text),
    flowCollectionPadding: !/\{[^\s{}]/.test(text),
  };
  return (document) => document.toString(options);
}

/** The text with a change. Lines that the change does not touch stay as they were written, to the last blank. */
export function changed(text: string, change: Change): string {
  const document = parseDocument(text);
  const print = printer(text);
  const before = print(document).split("\n");
  change(document);
  const after = print(document).split("\n");
  const meant = JSON.stringify(document.toJS());
  const own = text.split("\n");
  if (own.length !== before.length) return after.join("\n");
  const least = Math.min(before.length, after.length);
  let [head, tail] = [0, 0];
  while (head < least && before[head] === after[head]) head++;
  while (tail < least - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const merged = [...own.slice(0, head), ...after.slice(head, after.length - tail), ...own.slice(own.length - tail)].join("\n");
  const read = parseDocument(merged);
  return read.errors.length === 0 && JSON.stringify(read.toJS()) === meant ? merged : after.join("\n");
}

/** Sets a value; `undefined` takes it out. */
export function put(document: Document, place: Place, value: unknown): void {
  if (value === undefined) {
    own(document, place.slice(0, -1));
    return void (document.hasIn(place) && document.deleteIn(place));
  }
  make(document, place.slice(0, -1));
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

export function move(document: Document, place: Place, from: number, to: number): void {
  const items = entries(document, place);
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

export const record = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const write = (value: unknown): string => stringify(value, { lineWidth: 0 });

/** Makes a document say what `now` says: what says the same already stays as it was written. */
export function liken(document: Document, now: unknown, place: Place = [], was: unknown = document.toJS()): void {
  if (JSON.stringify(was) === JSON.stringify(now)) return;
  const [old, next] = [record(was), record(now)];
  if (isMap(document.getIn(place, true)) && Object.keys(next).length > 0) {
    for (const key of Object.keys(old)) if (!(key in next)) put(document, [...place, key], undefined);
    for (const [key, value] of Object.entries(next)) liken(document, value, [...place, key], old[key]);
  } else if (Array.isArray(was) && Array.isArray(now) && was.length === now.length) {
    now.forEach((value, index) => liken(document, value, [...place, index], was[index]));
  } else put(document, place, now);
}

/** What a document says at a key, as a text of its own with its comments. */
export function within(text: string, key: string): string | null {
  const document = parseDocument(text);
  const node = document.get(key, true);
  if (document.errors.length > 0 || !isMap(node)) return null;
  try {
    const own = printer(text)(new OwnDocument(node));
    const read = parseDocument(own);
    return read.errors.length === 0 && JSON.stringify(read.toJS()) === JSON.stringify(record(document.toJS())[key]) ? own : null;
  } catch {
    // It points to something that stands elsewhere.
    return null;
  }
}

/** A text set in under a key, with its comments; none where it cannot stand there as it is. */
export function under(key: string, text: string): string | null {
  const own = text.replace(/^\uFEFF/, "").replace(/^---[^\S\n]*\n/, "");
  const set = `${key}:\n${own.split("\n").map((line) => (line === "" ? "" : `  ${line}`)).join("\n")}`;
  const [inner, outer] = [parseDocument(text), parseDocument(set)];
  if (inner.errors.length + outer.errors.length > 0) return null;
  return JSON.stringify(record(outer.toJS())[key]) === JSON.stringify(inner.toJS()) ? set : null;
}
