// A conversation about a test: each sentence, and what came of it.

import type { GenerateAnswer, GeneratorProvenance, TextSpan } from "~/api/schema";

import type { Wish } from "./ask";

/** A sentence with its answer. */
export interface Turn extends Wish {
  id: number;
  answer: GenerateAnswer;
}

/** A piece of a sentence, and what came of it. */
export interface Piece {
  text: string;
  /** The fields that it gave. */
  paths: string[];
  unused: boolean;
}

interface Place {
  start: number;
  end: number;
  path: string | null;
}

/** The sentence in pieces, by what each was used for. */
export function pieces(text: string, { provenance, unused }: GenerateAnswer): Piece[] {
  const find = finder(text);
  const places: Place[] = [
    ...provenance.flatMap(({ span, path }) => (span ? find(span, path) : [])),
    ...unused.flatMap(({ span }) => find(span, null)),
  ];
  const edges = [...new Set([0, text.length, ...places.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  return edges.slice(1).map((end, at) => {
    const start = edges[at] as number;
    const here = places.filter((place) => place.start <= start && place.end >= end);
    const paths = here.flatMap(({ path }) => path ?? []);
    return { text: text.slice(start, end), paths, unused: paths.length === 0 && here.length > 0 };
  });
}

/** Spans count bytes of UTF-8, after invisible characters were taken out: the words themselves decide. */
function finder(text: string) {
  const bytes = new TextEncoder().encode(text);
  const decode = (end: number) => new TextDecoder().decode(bytes.subarray(0, end)).length;
  return (span: TextSpan, path: string | null): Place[] => {
    const start = decode(span.start);
    if (text.slice(start, start + span.text.length) === span.text) return [{ start, end: start + span.text.length, path }];
    const other = text.indexOf(span.text);
    return other < 0 || span.text === "" ? [] : [{ start: other, end: other + span.text.length, path }];
  };
}

/** The value at a JSON pointer. */
export function valueAt(test: unknown, pointer: string): unknown {
  return pointer.split("/").slice(1).reduce<unknown>((value, part) => {
    const key = part.replace(/~1/g, "/").replace(/~0/g, "~");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }, test);
}

/** A pointer as people write a place in a document. */
export const placeOf = (pointer: string) =>
  pointer.slice(1).replace(/~1/g, "/").replace(/~0/g, "~").replace(/\/(\d+)(?=\/|$)/g, "[$1]").replace(/\//g, ".");

/** What somebody said comes first, what nobody said last. */
export function split(provenance: GeneratorProvenance[]): [said: GeneratorProvenance[], others: GeneratorProvenance[]] {
  const said = provenance.filter(({ source }) => source === "text" || source === "model");
  return [said, provenance.filter((one) => !said.includes(one))];
}

const kept = (who: string) => `maid.generator.${who}`;
/** So many sentences are kept. */
const MOST = 30;

/** What somebody said in this tab, as it was before a reload. */
export function recall(who: string): Turn[] {
  try {
    return (JSON.parse(sessionStorage.getItem(kept(who)) ?? "[]") as Turn[]).filter((turn) => Array.isArray(turn.answer?.provenance));
  } catch {
    return [];
  }
}

export function retain(who: string, turns: Turn[]): void {
  try {
    sessionStorage.setItem(kept(who), JSON.stringify(turns.slice(-MOST)));
  } catch {
    // It stays as long as the page is open.
  }
}
