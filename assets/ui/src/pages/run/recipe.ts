// The test that a recipe makes, with what it takes where nobody says otherwise.

import { parse, stringify } from "yaml";

import { answer, api } from "~/api/client";
import type { Parameter } from "~/api/schema";
import { changed } from "~/editor/changed";
import { liken, within } from "~/editor/parts-of";

/** The text of a recipe's LoadTest, as the server fills it in, in the manner in which somebody has written it. */
export async function textOf(id: string): Promise<string> {
  const { recipe, text } = await answer(api.GET("/api/maid/recipes/{id}", { params: { path: { id } } }));
  const asked = recipe.parameters ?? [];
  const required = asked.filter(({ required, type }) => required && type !== "secret");
  const parameters = Object.fromEntries(required.map(({ name, example }) => [name, example]));
  const { files } = await answer(api.POST("/api/maid/export", { body: { recipe_id: id, parameters, format: "yaml" } }));
  const filled = asked.filter(({ type }) => type === "secret").reduce(shown, files[0]?.text ?? "");
  return (text && inItsManner(text, filled)) ?? filled;
}

/** What a recipe's LoadTest says once it is filled in, as the recipe writes it; none where that cannot be. */
function inItsManner(text: string, filled: string): string | null {
  const own = within(text, "loadtest");
  if (own === null) return null;
  try {
    const now: unknown = parse(filled);
    const written = changed(own, (document) => liken(document, now));
    const sorted = (value: unknown) => stringify(value, { sortMapEntries: true });
    return sorted(parse(written)) === sorted(now) ? written : null;
  } catch {
    return null;
  }
}

/** A secret is read from the environment, which a page has not; what the recipe itself says in its place is none. */
function shown(text: string, { name, default: value, example }: Parameter): string {
  const known = value ?? example;
  if (typeof known !== "string") return text;
  // Escaped as within quotes, where such a value stands.
  return text.replaceAll(`\${env:RECIPE_${name.toUpperCase()}}`, () => JSON.stringify(known).slice(1, -1));
}
