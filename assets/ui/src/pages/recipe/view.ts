// What is seen of a recipe, as it stands in the address.

export const tabs = ["run", "test", "results", "export", "versions", "edit"] as const;
export type Tab = (typeof tabs)[number];

export interface RecipeSearch {
  tab?: Tab;
  version?: number;
  /** The version that it is held against. */
  against?: number;
}

const version = (told: unknown) => (Number.isSafeInteger(told) && Number(told) > 0 ? Number(told) : undefined);

export const recipeSearch = (told: Record<string, unknown>): RecipeSearch => ({
  tab: tabs.find((tab) => tab === told["tab"]),
  version: version(told["version"]),
  against: version(told["against"]),
});
