// What is wrong with the text: what cannot be read is found here, everything else by the server.

import { useEffect, useMemo, useRef, useState } from "react";

import { answer, api } from "~/api/client";
import type { DocumentError } from "~/api/schema";

import { isReading, lineOf, type Reading, type Unreadable, untold } from "./document";

/** Something that is wrong in a place. */
export interface Trouble {
  path: string;
  line: number;
  column: number;
  message: string;
}

export interface Checked {
  /** The text that was looked at. */
  text: string;
  valid: boolean;
  errors: DocumentError[];
}

/** How long nobody may have typed, in ms. */
const PAUSE_MS = 300;

/** What the server says of the text; one request at a time, and of a text that stands still. */
export function useChecked(text: string, wanted: boolean): { checked: Checked | null; error: unknown } {
  const [checked, setChecked] = useState<Checked | null>(null);
  const [error, setError] = useState<unknown>(null);
  const newest = useRef(text);
  const [busy, due] = [useRef(false), useRef(false)];

  useEffect(() => {
    newest.current = text;
    due.current = false;
    if (!wanted) return;
    const check = async () => {
      due.current = true;
      if (busy.current) return;
      busy.current = true;
      while (due.current) {
        due.current = false;
        const asked = newest.current;
        try {
          const { valid, errors } = await answer(api.POST("/api/maid/validate", { body: { loadtest: asked } }));
          setChecked({ text: asked, valid, errors });
          setError(null);
        } catch (problem) {
          setError(problem);
        }
      }
      busy.current = false;
    };
    const timer = setTimeout(() => void check(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, wanted]);
  return { checked, error };
}

/** All that is wrong, with its lines. */
export function useTroubles(read: Reading | Unreadable, checked: Checked | null, refused: { path: string; message: string }[]): Trouble[] {
  return useMemo(() => {
    if (!isReading(read)) return [{ path: "", line: read.line, column: read.column, message: read.message }];
    const told: DocumentError[] = [...(checked?.errors ?? [])];
    // What only the start finds is told there without a line.
    for (const error of refused) if (!told.some(({ path }) => path === error.path)) told.push(error);
    return told.map(({ path, line, column, message, suggestion }) => ({
      path: missing(path, message),
      line: line ?? lineOf(read, untold(path)),
      column: column ?? 1,
      message: suggestion ? `${message} (${suggestion}?)` : message,
    }));
  }, [read, checked, refused]);
}

/** What is missing is told beside its own field, not beside what it is missing in. */
function missing(path: string, message: string): string {
  const [, key] = /^`(\w+)` is missing$/.exec(message) ?? [];
  return key ? `${path}${path ? "." : ""}${key}` : path;
}
