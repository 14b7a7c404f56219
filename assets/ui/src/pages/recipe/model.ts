// A recipe as its page works with it.

import { parse, stringify } from "yaml";

import { api } from "~/api/client";
import type { Parameter, Recipe, RecipeView } from "~/api/schema";

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
export async function storeRecipe(id: string, etag: string | null, recipe: Recipe): Promise<string | null> {
  const params = { path: { id }, header: { "If-Match": etag } };
  const { response } = await api.PUT("/api/maid/recipes/{id}", { params, body: recipe });
  return response.headers.get("etag");
}

/** What is typed for parameters: what stays empty has its default. */
export type Typed = Record<string, string | boolean>;

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
export function environment(recipe: Recipe): string[] {
  const names = JSON.stringify(recipe.loadtest).matchAll(/\$\{env:([A-Za-z_][A-Za-z0-9_]*)/g);
  return [...new Set(Array.from(names, ([, name]) => name as string))].sort();
}

/** The part of a recipe that is written as code. */
export function codeOf({ parameters, loadtest }: Recipe): string {
  return stringify({ parameters: parameters ?? [], loadtest }, { lineWidth: 0 });
}

/** What a code says; what is wrong with it is thrown. */
export function readCode(code: string): Pick<Recipe, "parameters" | "loadtest"> {
  const told: unknown = parse(code);
  if (typeof told !== "object" || told === null || Array.isArray(told)) throw new Error("parameters, loadtest");
  const unknown = Object.keys(told).find((key) => key !== "parameters" && key !== "loadtest");
  if (unknown !== undefined) throw new Error(unknown);
  const { parameters, loadtest } = told as Partial<Recipe>;
  if (loadtest === undefined) throw new Error("loadtest");
  return { parameters: parameters ?? [], loadtest };
}

/** A whole recipe as it is written in a file. */
export const fileOf = (recipe: Recipe) => stringify(recipe, { lineWidth: 0 });
