// Keys that work anywhere on the page, unless somebody writes or has turned them off (WCAG 2.2, 2.1.4).

import { useWindowEvent } from "@mantine/hooks";
import { useEffect, useRef } from "react";

import { recall, retain } from "~/parts/kept";

const KEPT = "maid.keys";

export const keysWanted = () => recall(KEPT) !== "off";
export const wantKeys = (wanted: boolean) => retain(KEPT, wanted ? "on" : "off", false);

/** Whether keys that are pressed there are written, or belong to a dialog. */
export const writes = (target: EventTarget | null) =>
  document.querySelector("[role=dialog]") !== null || (target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null);

const lists = new Set<() => void>();

/** Shows the list of keys, also to whoever has turned them off. */
export const showKeys = () => lists.forEach((show) => show());

/** Calls `show` when the list of keys is asked for. */
export function useKeysShown(show: () => void): void {
  const latest = useRef(show);
  latest.current = show;
  useEffect(() => {
    const told = () => latest.current();
    lists.add(told);
    return () => void lists.delete(told);
  }, []);
}

/** Calls `told` when `key` is pressed. */
export function useKey(key: string, told: () => void): void {
  useWindowEvent("keydown", (event) => {
    if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!keysWanted() || writes(event.target)) return;
    event.preventDefault();
    told();
  });
}
