// What is told live, for parts of the page.

import { useEffect, useRef, useState, useSyncExternalStore } from "react";

import { live, type Link, type Told, type Topic, type Topics } from "./socket";

/** How the link to the server is. */
export const useLink = (): Link => useSyncExternalStore(live.watch, () => live.link);

/** Calls `told` with each message of a topic, while `wanted`. */
export function useTopic<T extends Topic>(topic: T, told: (message: Told<T>) => void, wanted = true): void {
  const latest = useRef(told);
  useEffect(() => {
    latest.current = told;
  });
  useEffect(() => {
    if (!wanted) return;
    return live.hear(topic, (message) => latest.current(message));
  }, [topic, wanted]);
}

/** The newest message of a topic. */
export function useLatest<T extends Topic>(topic: T): Topics[T] | null {
  const [latest, set] = useState<Topics[T] | null>(null);
  useTopic(topic, ({ data }) => set(data));
  return latest;
}
