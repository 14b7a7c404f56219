// A document that is written: its text, what it says, and what is wrong with it.

import { useEffect, useMemo, useState, useSyncExternalStore } from "react";

import { isReading, lineOf, read, type Reading } from "./document";
import type { Editing } from "./editing";
import { type Checked, type Refused, type Trouble, troublesOf } from "./troubles";
import type { Writing } from "./writing";

/** The text, and what it says; `last` is what it said when it could be read last. */
export function useDocument(writing: Writing) {
  const text = useSyncExternalStore(writing.watch, () => writing.text);
  const found = useMemo(() => read(text), [text]);
  const readable = isReading(found);
  const [last, setLast] = useState<Reading | null>(readable ? found : null);
  if (readable && last !== found) setLast(found);
  return { text, said: found, readable, reading: readable ? found : null, last };
}

type Doc = ReturnType<typeof useDocument>;

/** All that is said of it, marked on its lines, and how fields write it. */
export function useEdited(writing: Writing, { text, said, reading, last }: Doc, checked: Checked | null, refused: Refused | null): { editing: Editing; troubles: Trouble[] } {
  const troubles = useMemo(() => troublesOf(text, said, checked, refused), [text, said, checked, refused]);
  // What only may be is marked nowhere.
  const marked = useMemo(() => troubles.filter(({ kind }) => kind !== "perhaps"), [troubles]);
  useEffect(() => writing.mark(marked), [writing, marked]);
  const editing: Editing = {
    value: last?.value ?? {},
    troubles: marked,
    change: (what, change) => void (reading && writing.change(what, change)),
    show: (place) => void (reading && writing.show(lineOf(reading, place))),
  };
  return { editing, troubles };
}
