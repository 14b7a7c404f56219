// Every text of the page by its key, in English and in German. One that lacks a language does not compile.

import { analytics } from "./areas/analytics";
import { audit } from "./areas/audit";
import { deeplinks } from "./areas/deeplinks";
import { dry } from "./areas/dry";
import { figures } from "./areas/figures";
import { generator } from "./areas/generator";
import { home } from "./areas/home";
import { prompts } from "./areas/prompts";
import { recipes } from "./areas/recipes";
import { results } from "./areas/results";
import { run } from "./areas/run";
import { search } from "./areas/search";
import { settings } from "./areas/settings";
import { shell } from "./areas/shell";
import { users } from "./areas/users";

/** Texts of a part of the page: English, German. */
export type Texts = Record<string, readonly [english: string, german: string]>;

const texts = {
  ...shell, ...figures, ...home, ...results, ...analytics, ...audit, ...deeplinks, ...dry, ...generator, ...prompts, ...recipes, ...run, ...search, ...settings,
  ...users,
};

export type Key = keyof typeof texts;

const of = (place: 0 | 1) =>
  Object.fromEntries(Object.entries(texts).map(([key, both]) => [key, both[place]])) as Record<Key, string>;

export const en = of(0);
export const de = of(1);
