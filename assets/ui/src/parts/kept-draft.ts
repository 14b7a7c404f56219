// What somebody writes, kept in their browser until it is saved.

import { useState } from "react";

import { useSession } from "~/app/session";

import type { Fits } from "./fits";
import { draftAt, retain, useUnkept } from "./kept";

/**
 * The draft of whoever is signed in, of the thing that `name` stands for; null where there is none that fits.
 * `unkept` is true while the browser does not keep it: then the page says so where it is written.
 */
export function useKeptDraft<T>(name: string, fits: Fits<T>): [draft: T | null, keep: (draft: T | null) => void, unkept: boolean] {
  const { me } = useSession();
  const place = `maid.draft.${me.id}.${name}`;
  const [held, hold] = useState(() => ({ place, draft: draftAt(place, fits) }));
  const draft = held.place === place ? held.draft : draftAt(place, fits);
  if (held.place !== place) hold({ place, draft });
  const keep = (next: T | null) => {
    hold({ place, draft: next });
    retain(place, next === null ? null : JSON.stringify(next));
  };
  return [draft, keep, useUnkept(place)];
}
