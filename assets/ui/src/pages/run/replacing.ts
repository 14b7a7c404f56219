// Another text in place of the one that is written, which is put aside and can be brought back.

import { useSyncExternalStore } from "react";

import { useSession } from "~/app/session";
import type { Writing } from "~/editor/writing";
import { watch } from "~/parts/kept";

import { aside, dismiss, offered, putAside } from "./draft";
import { useFile } from "./file";

export function useReplacing(writing: Writing, text: string) {
  const { me } = useSession();
  const offer = useSyncExternalStore(watch, () => offered(me.id));
  const open = (other: string) => {
    putAside(me.id, text);
    writing.replace(other);
  };
  const { take, material, decided } = useFile(open);
  const bringBack = () => {
    const earlier = aside(me.id);
    if (earlier !== null) open(earlier);
    dismiss(me.id);
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
  return { offer, forget: () => dismiss(me.id), bringBack, take, material, close, opened };
}
