// Where the keyboard goes on when what it was at is gone, or cannot be used for a while.

import { useEffect } from "react";

/** A dialog that closes gives the focus back by itself, within this time. */
const GIVEN_BACK_MS = 250;

/** Leads whoever was at something that has been removed, as by its own button, to the page it was on; from a dialog, to what has opened
 * it, or the menu that did. Who was at something that is disabled while an answer is awaited is there again afterwards. */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: HTMLElement | null = null;
    let opener: HTMLElement | null = null;
    let disabled: HTMLElement | null = null;
    let look = 0;
    const note = ({ target }: FocusEvent) => {
      last = target as HTMLElement;
      disabled = null;
      const menu = last.closest("[role=menu]");
      if (menu) opener = document.getElementById(menu.getAttribute("aria-labelledby") ?? "");
      else if (!last.closest("[aria-modal=true]")) opener = last;
    };
    const lost = () => last !== null && !last.isConnected && document.activeElement === document.body;
    const enabled = () => {
      if (last?.matches(":disabled")) disabled = last;
      else if (disabled && document.activeElement === document.body) disabled.focus({ preventScroll: true });
    };
    const changed = new MutationObserver(() => {
      enabled();
      if (look || !lost()) return;
      look = window.setTimeout(() => {
        look = 0;
        if (!lost()) return;
        last = null;
        // Not behind a dialog that is open.
        const dialog = document.querySelector<HTMLElement>('[aria-modal="true"]');
        const place = dialog ?? (opener?.isConnected ? opener : document.getElementById("content"));
        place?.focus({ preventScroll: true });
      }, GIVEN_BACK_MS);
    });
    document.addEventListener("focusin", note);
    changed.observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
    return () => {
      clearTimeout(look);
      document.removeEventListener("focusin", note);
      changed.disconnect();
    };
  }, []);
}
