// Keys that work anywhere on the page, unless somebody writes or has turned them off (WCAG 2.2, 2.1.4).

import { useWindowEvent } from "@mantine/hooks";

const KEPT = "maid.keys";

export const keysWanted = () => localStorage.getItem(KEPT) !== "off";
export const wantKeys = (wanted: boolean) => localStorage.setItem(KEPT, wanted ? "on" : "off");

/** Whether keys that are pressed there are written, or belong to a dialog. */
export const writes = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable], [role=dialog]") !== null;

/** Calls `told` when `key` is pressed. */
export function useKey(key: string, told: () => void): void {
  useWindowEvent("keydown", (event) => {
    if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!keysWanted() || writes(event.target)) return;
    event.preventDefault();
    told();
  });
}
