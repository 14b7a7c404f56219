import { expect, it } from "vitest";

import { recipesSearch } from "./view";

it("leaves out of the address what the library does not know", () => {
  expect(recipesSearch({ q: " ", category: "nonsense", tag: "No tag", from: 7 })).toEqual({});
  const known = { q: "slow shop ", category: "web", tag: "open-model", from: "own" };
  expect(recipesSearch(known)).toEqual(known);
  expect(recipesSearch({ q: 42 }).q).toBe("42");
});
