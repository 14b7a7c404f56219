// What is seen of the library, as it stands in the address.

import type { PromptCategory } from "~/api/schema";

export type Source = "own" | "others" | "built_in";

export interface PromptsSearch {
  q?: string;
  category?: PromptCategory;
  source?: Source;
  favourite?: true;
  tag?: string;
}

export const categories: PromptCategory[] = ["describe", "refine", "analyse", "compare", "report"];
export const sources: Source[] = ["own", "others", "built_in"];

const one = <T extends string>(told: unknown, known: readonly T[]) => known.find((value) => value === told);
const text = (told: unknown) => (told == null || told === "" ? undefined : String(told));

export const promptsSearch = (told: Record<string, unknown>): PromptsSearch => ({
  q: text(told["q"]),
  category: one(told["category"], categories),
  source: one(told["source"], sources),
  favourite: told["favourite"] === true ? true : undefined,
  tag: text(told["tag"]),
});
