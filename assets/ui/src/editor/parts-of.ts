// A document within another one: taken out of it, set into it, and made to say what is known of it, with what is written beside its values.

import { Document, isMap, parseDocument } from "yaml";

import { isJson, printer } from "./changed";
import { type Place, put, record, says } from "./document";

/** Makes a document say what `now` says: what says the same already stays as it was written. */
export function liken(document: Document, now: unknown, place: Place = [], was: unknown = says(document)): void {
  if (JSON.stringify(was) === JSON.stringify(now)) return;
  const [old, next] = [record(was), record(now)];
  if (isMap(document.getIn(place, true)) && Object.keys(next).length > 0) {
    for (const key of Object.keys(old)) if (!(key in next)) put(document, [...place, key], undefined);
    for (const [key, value] of Object.entries(next)) liken(document, value, [...place, key], old[key]);
  } else if (Array.isArray(was) && Array.isArray(now) && was.length === now.length) {
    now.forEach((value, index) => liken(document, value, [...place, index], was[index]));
  } else put(document, place, now);
}

/** What a document says at a key, as a text of its own; none where it cannot stand alone. */
export function within(text: string, key: string): string | null {
  const document = parseDocument(text);
  const node = document.get(key, true);
  if (document.errors.length > 0 || !isMap(node) || isJson(text)) return null;
  try {
    const own = printer(text)(new Document(node));
    const read = parseDocument(own);
    return read.errors.length === 0 && JSON.stringify(says(read)) === JSON.stringify(record(says(document))[key]) ? own : null;
  } catch {
    // It points to something that stands elsewhere.
    return null;
  }
}

/** A text set in under a key; none where it cannot stand there as it is. */
export function under(key: string, text: string): string | null {
  const own = text.replace(/^\uFEFF/, "").replace(/^---[^\S\n]*\n/, "");
  const set = `${key}:\n${own.split("\n").map((line) => (line === "" ? "" : `  ${line}`)).join("\n")}`;
  const [inner, outer] = [parseDocument(text), parseDocument(set)];
  if (inner.errors.length + outer.errors.length > 0) return null;
  return JSON.stringify(record(says(outer))[key]) === JSON.stringify(says(inner)) ? set : null;
}
