// What the fields of the form share: what the document says, what is wrong with it, and how it is changed.

import { createContext, useContext, useEffect, useId, useState, useSyncExternalStore } from "react";

import { type Change, isReading, lineOf, type Place, put, told } from "./document";
import type { Trouble } from "./troubles";
import { Watched } from "./watched";
import type { Writing } from "./writing";

/** A field that holds what stands for nothing yet: the document has what it had before. */
export interface Unfinished {
  /** The field on the page. */
  id: string;
  path: string;
  label: string;
  why: string;
}

/** Stays the same for as long as the document is written: each field watches its own part. */
export class Editing {
  readonly troubles = new Watched<Trouble[]>([]);
  readonly unfinished = new Watched<Unfinished[]>([]);
  /** The entry that was added last. */
  added: string | null = null;
  /** Called where a change cannot be made. */
  refused: () => void = () => undefined;

  constructor(readonly writing: Writing) {}

  /** Changes the document; `what` names the thing that is changed, `added` the entry that is new. */
  change = (what: string, change: Change, added?: Place): void => {
    if (!isReading(this.writing.said)) return;
    // Known before the entry is drawn.
    if (added) this.added = told(added);
    try {
      this.writing.change(what, change);
    } catch {
      // What it would leave cannot be said, as where something points to a part that goes.
      this.refused();
    }
  };

  /** Shows a place in the code. */
  show = (place: Place): void => {
    const { said } = this.writing;
    if (isReading(said)) this.writing.show(lineOf(said, place));
  };
}

export const Edited = createContext<Editing | null>(null);

export function useEditing(): Editing {
  const editing = useContext(Edited);
  if (!editing) throw new Error("there is no document here");
  return editing;
}

/** What stands at a place. */
export function useValue(place: Place): unknown {
  const { writing } = useEditing();
  return useSyncExternalStore(writing.watch, () => at(writing.value, place));
}

function at(value: unknown, place: Place): unknown {
  for (const step of place) {
    if (value === null || typeof value !== "object") return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** Whether a path is that of something within another. */
const within = (path: string, outer: string): boolean => path.startsWith(outer) && /^[.[]/.test(path.slice(outer.length));

/** What is wrong at a place; with `inside` also in what it holds. */
export function useTrouble(place: Place, inside = false): React.ReactNode {
  const said = useMessages(place, inside);
  return said ? <span lang="en">{said}</span> : null;
}

/** Whether something is wrong at a place or in what it holds. */
export const useTroubled = (place: Place): boolean => useMessages(place, true) !== "";

function useMessages(place: Place, inside: boolean): string {
  const path = told(place);
  const { troubles } = useEditing();
  const here = () => troubles.now.filter((one) => one.path === path || (inside && within(one.path, path)));
  return useSyncExternalStore(troubles.watch, () => here().map(({ message }) => message).join("; "));
}

/** Says of a field whether it holds something unfinished; gives it its id. */
export function useUnfinished(place: Place, waits: boolean, label: string, why: string): string {
  const { unfinished } = useEditing();
  const [id, path] = [useId(), told(place)];
  useEffect(() => {
    if (!waits) return;
    unfinished.set([...unfinished.now, { id, path, label, why }]);
    return () => unfinished.set(unfinished.now.filter((one) => one.id !== id));
  }, [unfinished, waits, id, path, label, why]);
  return id;
}

/** The first field within a place that holds something unfinished. */
export function useUnfinishedWithin(place: Place): Unfinished | undefined {
  const { unfinished } = useEditing();
  return useSyncExternalStore(unfinished.watch, () => unfinished.now.find(({ path }) => within(path, told(place))));
}

/** Leads to a field. */
export const lead = ({ id }: Unfinished): void => document.getElementById(id)?.focus();

export const unreadable = Symbol("unreadable");

interface Written {
  text: string;
  write: (text: string) => void;
  /** Whether it stands for nothing yet, and the document has what it had before. */
  waits: boolean;
  /** Shows again what the document has. */
  forget: () => void;
}

/** A value as text that somebody writes: what is half written stays, until the document says something else. */
export function useWritten<T>(value: T, print: (value: T) => string, parse: (text: string) => T | typeof unreadable, commit: (value: T) => void): Written {
  const [kept, keep] = useState<{ text: string; of: string | undefined; waits: boolean } | null>(null);
  const now = JSON.stringify(value);
  const holds = kept !== null && kept.of === now;
  const write = (text: string) => {
    const parsed = parse(text);
    if (parsed === unreadable) return keep({ text, of: now, waits: true });
    keep({ text, of: JSON.stringify(parsed), waits: false });
    commit(parsed);
  };
  return { text: holds ? kept.text : print(value), write, waits: holds && kept.waits, forget: () => keep(null) };
}

/** Sets what stands at a place. */
export function useSet(place: Place): (value: unknown) => void {
  const { change } = useEditing();
  return (value) => change(told(place), (document) => put(document, place, value));
}

/** A number, or what stands for one; nothing else is written where a number belongs. */
export const numeric = (text: string): unknown =>
  /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text.trim()) ? Number(text) : /\$\{.+\}/.test(text) ? text : unreadable;
export const textual = (text: string): unknown => text;
export const plain = (value: unknown): string =>
  value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
