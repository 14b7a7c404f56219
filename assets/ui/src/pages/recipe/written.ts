// What stands in the form of a change.

import type { Problem } from "~/api/client";
import type { Category, Recipe } from "~/api/schema";

import { codeOf, type Known, readCode } from "./model";

export interface Written {
  /** The version that it was begun with. */
  etag: string | null;
  title: string;
  summary: string;
  category: Category;
  tags: string[];
  practices: string;
  good: string;
  code: string;
}

export const written = ({ view: { recipe }, etag }: Known): Written => ({
  etag,
  title: recipe.title,
  summary: recipe.summary,
  category: recipe.category,
  tags: recipe.tags ?? [],
  practices: (recipe.best_practices ?? []).join("\n"),
  good: (recipe.good_result ?? []).join("\n"),
  code: codeOf(recipe),
});

const lines = (text: string) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** A code that cannot be read. */
export class Unreadable extends Error {}

/** The recipe that the form says; `before` has what no field stands for. */
export function recipeOf(form: Written, before: Recipe): Recipe {
  try {
    const { title, summary, category, tags } = form;
    return { ...before, ...readCode(form.code), title, summary, category, tags, best_practices: lines(form.practices), good_result: lines(form.good) };
  } catch (error) {
    throw new Unreadable(error instanceof Error ? error.message : String(error));
  }
}

/** What has a field of its own; everything else is said in the code. */
const fields = ["title", "summary", "category", "tags", "best_practices", "good_result"];

/** What is wrong, by field; what is wrong with the code is the `code`'s. */
export function wrongIn(problem: Problem | null): Record<string, { path: string; message: string }[]> {
  const wrong: Record<string, { path: string; message: string }[]> = {};
  for (const error of problem?.status === 422 ? problem.errors : []) {
    const first = error.path.split(/[.[]/)[0] ?? "";
    (wrong[fields.includes(first) ? first : "code"] ??= []).push(error);
  }
  return wrong;
}
