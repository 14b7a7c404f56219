// Ctrl+S, and Cmd+S: saves what is written here, where the browser would keep the page as a file.

import { useWindowEvent } from "@mantine/hooks";

/** Calls `save` wherever on the page the keys are pressed; with `null`, there is nothing to save now. */
export function useSaveKey(save: (() => void) | null): void {
  useWindowEvent("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    // A dialog has its own answer to give.
    if (!event.repeat && document.querySelector("[role=dialog]") === null) save?.();
  });
}
