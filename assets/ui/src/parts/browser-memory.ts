// For tests: the memory of a browser that can be full, or not be allowed.

import { vi } from "vitest";

export class BrowserMemory {
  kept = new Map<string, string>();
  /** So many characters, all values together. */
  room = Infinity;
  allowed = true;

  getItem(place: string): string | null {
    return this.kept.get(place) ?? null;
  }

  setItem(place: string, text: string): void {
    const others = [...this.kept].filter(([one]) => one !== place).reduce((sum, [, { length }]) => sum + length, 0);
    if (others + text.length > this.room) throw new DOMException("full", "QuotaExceededError");
    this.kept.set(place, text);
  }

  removeItem(place: string): void {
    this.kept.delete(place);
  }
}

/** A page that has been opened anew, with what its browser remembers. */
export function openPage(local = new BrowserMemory(), tab = new BrowserMemory()) {
  vi.resetModules();
  const page = new EventTarget();
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
  // Some browsers refuse as soon as anybody asks for it.
  for (const [name, memory] of [["localStorage", local], ["sessionStorage", tab]] as const) {
    const get = () => {
      if (!memory.allowed) throw new DOMException("not allowed", "SecurityError");
      return memory;
    };
    Object.defineProperty(globalThis, name, { configurable: true, get });
  }
  /** Whether the browser asks before it leaves. */
  const asks = () => !page.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  return { local, tab, asks, comeBack: () => page.dispatchEvent(new Event("focus")) };
}
