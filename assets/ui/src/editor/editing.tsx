// What the fields of the form share: what the document says, what is wrong with it, and how it is changed.

import { createContext, useContext, useState } from "react";

import { type Change, type Place, put, told } from "./document";
import type { Trouble } from "./troubles";

export interface Editing {
  value: Record<string, unknown>;
  troubles: Trouble[];
  /** Changes the document; `what` names the thing that is changed. */
  change: (what: string, change: Change) => void;
  /** Shows a place in the code. */
  show: (place: Place) => void;
}

export const Edited = createContext<Editing | null>(null);

export function useEditing(): Editing {
  const editing = useContext(Edited);
  if (!editing) throw new Error("there is no document here");
  return editing;
}

/** What stands at a place. */
export function useValue(place: Place): unknown {
  let value: unknown = useEditing().value;
  for (const step of place) {
    if (value === null || typeof value !== "object") return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** What is wrong at a place; with `inside` also in what it holds. */
export function useTrouble(place: Place, inside = false): React.ReactNode {
  const path = told(place);
  const { troubles } = useEditing();
  const here = troubles.filter((one) => one.path === path || (inside && /^[.[]/.test(one.path.slice(path.length)) && one.path.startsWith(path)));
  if (here.length === 0) return null;
  return <span lang="en">{here.map(({ message }) => message).join("; ")}</span>;
}

export const unreadable = Symbol("unreadable");

interface Written {
  text: string;
  write: (text: string) => void;
  /** Whether it stands for nothing yet, and the document has what it had before. */
  waits: boolean;
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
  return { text: holds ? kept.text : print(value), write, waits: holds && kept.waits };
}

/** Sets what stands at a place. */
export function useSet(place: Place): (value: unknown) => void {
  const { change } = useEditing();
  return (value) => change(told(place), (document) => put(document, place, value));
}

/** A number where it is one; everything else stays as it was written, for the server to say what is wrong with it. */
export const numeric = (text: string): unknown =>
  text.trim() === "" ? "" : /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
export const textual = (text: string): unknown => text;
export const plain = (value: unknown): string =>
  value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
