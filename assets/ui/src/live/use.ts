// What is told live, for parts of the page.

import { useEffect, useRef, useState, useSyncExternalStore } from "react";

import type { LogLevel } from "~/api/schema";

import { live, type Link, type Told, type Topic, type Topics } from "./socket";

/** How the link to the server is. */
export const useLink = (): Link => useSyncExternalStore(live.watch, () => live.link);

/** When what is shown was told, where it is not renewed: the server is silent or gone, or the network is. */
export const useAsOf = (): string | null => useSyncExternalStore(live.watch, () => live.asOf);

/** Calls `told` with each message of a topic, while `wanted`; with lines of the log that matter at least as much as `level` says. */
export function useTopic<T extends Topic>(topic: T, told: (message: Told<T>) => void, wanted = true, level?: LogLevel): void {
  const latest = useRef(told);
  useEffect(() => {
    latest.current = told;
  });
  useEffect(() => {
    if (!wanted) return;
    return live.hear(topic, (message) => latest.current(message), level);
  }, [topic, wanted, level]);
}

/** The newest message of a topic. */
export function useLatest<T extends Topic>(topic: T): Topics[T] | null {
  const [latest, set] = useState<Topics[T] | null>(null);
  useTopic(topic, ({ data }) => set(data));
  return latest;
}
