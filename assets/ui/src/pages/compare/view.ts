// Which two runs are compared, and how much worse B may be, as it stands in the address.

/** In percent; what the server takes is 100 times A at most. */
const MOST = 10_000;

export interface CompareSearch {
  a: string;
  b: string;
  /** By so many percent measures may be worse; without it nothing is said of what is let pass. */
  tolerated?: number | undefined;
}

/** A number of percent as somebody writes it, with a point or a comma; `undefined` where nothing is written, `null` where it is none. */
export function percent(text: string): number | null | undefined {
  if (text.trim() === "") return undefined;
  const value = /^\d+([.,]\d+)?$/.test(text.trim()) ? Number(text.trim().replace(",", ".")) : NaN;
  return value <= MOST ? value : null;
}

/** What an address says; what it should not say is left out. */
export const compareSearch = (told: Record<string, unknown>): CompareSearch => ({
  a: String(told["a"] ?? ""),
  b: String(told["b"] ?? ""),
  tolerated: percent(String(told["tolerated"] ?? "")) ?? undefined,
});

/** As the server takes it: a share. */
export const shareOf = (tolerated: number | undefined): number | undefined => (tolerated === undefined ? undefined : tolerated / 100);
