// Something that changes, and tells whoever shows it.

export class Watched<T> {
  #now: T;
  #told = new Set<() => void>();

  constructor(now: T) {
    this.#now = now;
  }

  get now(): T {
    return this.#now;
  }

  set(next: T): void {
    this.#now = next;
    this.#told.forEach((told) => told());
  }

  watch = (told: () => void): (() => void) => {
    this.#told.add(told);
    return () => void this.#told.delete(told);
  };
}
