// Whether the page is printed: on paper all is dark on white, and nothing is behind a tab.

import { useSyncExternalStore } from "react";

/** Told by the browser before it lays a page out for paper; some say so only once it is. */
let announced = false;

function subscribe(changed: () => void): () => void {
  const ends = new AbortController();
  const { signal } = ends;
  const announce = (told: boolean) => () => {
    announced = told;
    changed();
  };
  window.addEventListener("beforeprint", announce(true), { signal });
  window.addEventListener("afterprint", announce(false), { signal });
  matchMedia("print").addEventListener("change", changed, { signal });
  return () => ends.abort();
}

export const usePrinting = (): boolean => useSyncExternalStore(subscribe, () => announced || matchMedia("print").matches);
