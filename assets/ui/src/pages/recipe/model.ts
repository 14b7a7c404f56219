// A recipe as its page works with it.

import { stringify } from "yaml";

import { api } from "~/api/client";
import type { Parameter, Recipe, RecipeInput, RecipeView } from "~/api/schema";
import { environmentOf } from "~/pages/run/given";
import { either, isFlag, isText, recordOf } from "~/parts/fits";

/** A recipe, and what a change of it has to name. */
export interface Known {
  view: RecipeView;
  etag: string | null;
}

export async function fetchRecipe(id: string): Promise<Known> {
  const { data, response } = await api.GET("/api/maid/recipes/{id}", { params: { path: { id } } });
  return { view: data as RecipeView, etag: response.headers.get("etag") };
}

/** Stores it over the version that is named; answers the name of the new one. */
export async function storeRecipe(id: string, etag: string | null, body: RecipeInput): Promise<string | null> {
  const params = { path: { id }, header: { "If-Match": etag } };
  const { response } = await api.PUT("/api/maid/recipes/{id}", { params, body });
  return response.headers.get("etag");
}

/** What is typed for parameters: what stays empty has its default. */
export type Typed = Record<string, string | boolean>;
export const isTyped = recordOf(either(isText, isFlag));

/** What is sent: a number where it is one, else what was typed, which the server says no to. */
export function sent(parameters: Parameter[], typed: Typed): Record<string, unknown> {
  const values = parameters.map((parameter) => [parameter.name, valueOf(parameter, typed[parameter.name])] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined && value !== ""));
}

function valueOf({ type, required }: Parameter, typed: string | boolean | undefined): unknown {
  // A switch that nobody has touched shows that it is off.
  if (type === "boolean" && required) return typed ?? false;
  if (typeof typed !== "string" || (type !== "integer" && type !== "number")) return typed;
  if (typed.trim() === "") return undefined;
  const number = Number(typed);
  return Number.isFinite(number) ? number : typed;
}

export const isSecret = ({ type }: Parameter) => type === "secret";

/** Variables of the environment that the test reads. */
export const environment = (recipe: Recipe): string[] => environmentOf(JSON.stringify(recipe.loadtest));

/** A recipe as its file has it: as somebody has written it, else what it says. */
export const fileOf = ({ text, recipe }: Pick<RecipeView, "text" | "recipe">): string => text ?? stringify(recipe, { lineWidth: 0 });
