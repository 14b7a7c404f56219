// Where the keyboard goes on when what it was at is gone.

import { useEffect } from "react";

/** A dialog that closes gives the focus back by itself, within this time. */
const GIVEN_BACK_MS = 250;

/** Leads whoever was at something that has been removed, as by its own button, to the page it was on; from a dialog that a menu
 * has opened, to what opens that menu. */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: Element | null = null;
    let opener: HTMLElement | null = null;
    let look = 0;
    const note = ({ target }: FocusEvent) => {
      last = target as Element;
      const menu = last.closest("[role=menu]");
      if (menu) opener = document.getElementById(menu.getAttribute("aria-labelledby") ?? "");
      else if (!last.closest("[aria-modal=true]")) opener = null;
    };
    const lost = () => last !== null && !last.isConnected && document.activeElement === document.body;
    const removed = new MutationObserver(() => {
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
    removed.observe(document.body, { childList: true, subtree: true });
    return () => {
      clearTimeout(look);
      document.removeEventListener("focusin", note);
      removed.disconnect();
    };
  }, []);
}
