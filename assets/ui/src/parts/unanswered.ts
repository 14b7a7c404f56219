// What did not arrive since the server did not answer: for how long that is true, and asking again until it is not.

import { useEffect, useRef, useState } from "react";

import { BASE } from "~/api/client";
import { useLink } from "~/live/use";

import { isPassing } from "./told-problem";

/** Between two tries of what may work by itself in a moment, in ms. */
const AGAIN_MS = 5_000;

/** Whether the server does not answer, as an error says: not where it says something else. */
type Unanswered = "still" | "no longer" | null;

/** Where the server was gone and is there again, what an error says of it is true no longer. */
export function useUnanswered(error: unknown): Unanswered {
  const link = useLink();
  const [seen, see] = useState<{ error: unknown; server: "gone" | "back" | null }>({ error, server: null });
  const was = seen.error === error ? seen.server : null;
  const there = link === "connected" || link === "polling";
  const server = was === "back" || (was === "gone" && there) ? "back" : link === "lost" || link === "offline" ? "gone" : was;
  if (seen.error !== error || seen.server !== server) see({ error, server });
  if (!isPassing(error)) return null;
  return server === "back" ? "no longer" : "still";
}

/** Asks again by itself for as long as nobody answers, and at once when somebody does. */
export function useAgain(again: (() => void) | undefined, unanswered: Unanswered): void {
  const latest = useRef(again);
  latest.current = again;
  const asks = again !== undefined && unanswered;
  useEffect(() => {
    if (!asks) return;
    // Whether somebody answers is asked first: what is said stays until then.
    const ask = async () => {
      const answered = await fetch(`${BASE}/healthz`, { cache: "no-store" }).catch(() => null);
      if (answered?.ok) latest.current?.();
    };
    if (asks === "no longer") void ask();
    const asking = setInterval(() => void ask(), AGAIN_MS);
    return () => clearInterval(asking);
  }, [asks]);
}
