// Another text in place of the one that is written, which is put aside and can be brought back.

import { useState } from "react";

import { useSession } from "~/app/session";
import type { Writing } from "~/editor/writing";

import { aside, putAside } from "./draft";
import { useFile } from "./file";

export function useReplacing(writing: Writing, text: string, begunWith: boolean) {
  const { me } = useSession();
  const [replaced, setReplaced] = useState(begunWith);
  const put = (other: string) => {
    putAside(me.id, text);
    writing.replace(other);
  };
  const open = (other: string) => {
    put(other);
    setReplaced(true);
  };
  const { take, material, decided } = useFile(open);
  const bringBack = () => {
    const earlier = aside(me.id);
    if (earlier !== null) put(earlier);
    setReplaced(false);
  };
  /** Whoever has decided about a file goes on writing. */
  const close = () => {
    decided();
    setTimeout(() => writing.view.focus());
  };
  const opened = (test: string) => {
    open(test);
    close();
  };
  return { replaced, forget: () => setReplaced(false), bringBack, take, material, close, opened };
}
