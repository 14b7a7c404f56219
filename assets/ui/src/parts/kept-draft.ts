// What somebody writes, kept in their browser until it is saved.

import { useState } from "react";

import { useSession } from "~/app/session";

function read<T>(place: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(place) ?? "null") as T | null;
  } catch {
    return null;
  }
}

/** The draft of whoever is signed in, of the thing that `name` stands for; null where there is none. */
export function useKeptDraft<T>(name: string): [draft: T | null, keep: (draft: T | null) => void] {
  const { me } = useSession();
  const place = `maid.draft.${me.id}.${name}`;
  const [held, hold] = useState(() => ({ place, draft: read<T>(place) }));
  const draft = held.place === place ? held.draft : read<T>(place);
  if (held.place !== place) hold({ place, draft });
  const keep = (next: T | null) => {
    hold({ place, draft: next });
    try {
      if (next === null) localStorage.removeItem(place);
      else localStorage.setItem(place, JSON.stringify(next));
    } catch {
      // A browser that keeps nothing still lets write.
    }
  };
  return [draft, keep];
}
