// A document that is written: its text, what it says, and what is wrong with it.

import { notifications } from "@mantine/notifications";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";

import { useWords } from "~/i18n";

import { isReading } from "./document";
import { Editing, type Unfinished } from "./editing";
import { type Checked, type Refused, type Trouble, troublesOf } from "./troubles";
import type { Writing } from "./writing";

/** The text, and what it says; `value` is what it said when it could be read last. */
export function useDocument(writing: Writing) {
  const text = useSyncExternalStore(writing.watch, () => writing.text);
  const said = useSyncExternalStore(writing.watch, () => writing.said);
  const readable = isReading(said);
  return { text, said, readable, reading: readable ? said : null, value: writing.value };
}

type Doc = ReturnType<typeof useDocument>;

interface Result {
  editing: Editing;
  troubles: Trouble[];
  unfinished: Unfinished[];
}

/** All that is said of it, marked on its lines, and how fields write it. */
export function useEdited(writing: Writing, { text, said }: Doc, checked: Checked | null, refused: Refused | null): Result {
  const { say } = useWords();
  const [editing] = useState(() => new Editing(writing));
  editing.refused = () => notifications.show({ color: "yellow", message: say("run.by_code") });
  const troubles = useMemo(() => troublesOf(text, said, checked, refused), [text, said, checked, refused]);
  // What only may be is marked nowhere.
  const marked = useMemo(() => troubles.filter(({ kind }) => kind !== "perhaps"), [troubles]);
  useEffect(() => {
    writing.mark(marked);
    editing.troubles.set(marked);
  }, [writing, editing, marked]);
  const unfinished = useSyncExternalStore(editing.unfinished.watch, () => editing.unfinished.now);
  return { editing, troubles, unfinished };
}
