// What is seen of the library, as it stands in the address.

import type { Category } from "~/api/schema";

export type From = "built_in" | "own";

export interface RecipesSearch {
  q?: string;
  category?: Category;
  tag?: string;
  from?: From;
}

export const categories: Category[] = ["api", "web", "database", "business", "pattern"];
const origins: From[] = ["built_in", "own"];

/** As long as the server takes it. */
const LONGEST = 200;

const one = <T extends string>(told: unknown, known: readonly T[]) => known.find((value) => value === told);
const text = (told: unknown) => (told == null || String(told).trim() === "" ? undefined : String(told));

/** What the library does not know is left out of the address. */
export function recipesSearch(told: Record<string, unknown>): RecipesSearch {
  const tag = text(told["tag"]);
  return {
    q: text(told["q"])?.slice(0, LONGEST),
    category: one(told["category"], categories),
    tag: tag && /^[a-z0-9][a-z0-9-]{0,39}$/.test(tag) ? tag : undefined,
    from: one(told["from"], origins),
  };
}
