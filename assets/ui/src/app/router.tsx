// Which page is where. Each but the first is loaded when somebody goes there.

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";

import { Home } from "~/pages/home/home";
import { Broken, Missing } from "~/pages/nowhere";
import { analyticsSearch } from "~/pages/analytics/view";
import { deeplinksSearch } from "~/pages/deeplinks/view";
import { promptSearch } from "~/pages/prompt/view";
import { promptsSearch } from "~/pages/prompts/view";
import type { CompareSearch } from "~/pages/compare/compare";
import type { RecipeSearch } from "~/pages/recipe/model";
import type { RecipesSearch } from "~/pages/recipes/recipes";
import type { ResultsSearch } from "~/pages/results/results";
import type { RunSearch } from "~/pages/run/run";
import { auditSearch } from "~/pages/audit/search";
import type { SettingsSearch } from "~/pages/settings/settings";
import type { UsersSearch } from "~/pages/users/users";

import { Shell } from "./shell";

const root = createRootRoute({ component: Shell, notFoundComponent: Missing, errorComponent: Broken });
const at = <P extends string>(path: P) => ({ getParentRoute: () => root, path });

const home = createRoute({ ...at("/"), component: Home });
const results = createRoute({
  ...at("/results"),
  validateSearch: (told): ResultsSearch => ({
    name: told["name"] == null ? undefined : String(told["name"]),
    status: told["status"] as ResultsSearch["status"],
    sort: told["sort"] == null ? undefined : String(told["sort"]),
  }),
  component: lazyRouteComponent(() => import("~/pages/results/results"), "Results"),
});
const compare = createRoute({
  ...at("/compare"),
  validateSearch: (told): CompareSearch => ({ a: String(told["a"] ?? ""), b: String(told["b"] ?? "") }),
  component: lazyRouteComponent(() => import("~/pages/compare/compare"), "Compare"),
});
const result = createRoute({
  ...at("/results/$id"),
  component: lazyRouteComponent(() => import("~/pages/result/result"), "Result"),
});

const run = createRoute({
  ...at("/run"),
  validateSearch: (told): RunSearch => ({
    ask: Number(told["ask"]) || undefined,
    recipe: told["recipe"] == null ? undefined : String(told["recipe"]),
  }),
  component: lazyRouteComponent(() => import("~/pages/run/run"), "Run"),
});
const recipes = createRoute({
  ...at("/recipes"),
  validateSearch: (told): RecipesSearch => ({
    q: told["q"] == null ? undefined : String(told["q"]),
    category: told["category"] as RecipesSearch["category"],
    tag: told["tag"] == null ? undefined : String(told["tag"]),
    from: told["from"] as RecipesSearch["from"],
  }),
  component: lazyRouteComponent(() => import("~/pages/recipes/recipes"), "Recipes"),
});
const recipe = createRoute({
  ...at("/recipes/$id"),
  validateSearch: (told): RecipeSearch => ({
    tab: told["tab"] as RecipeSearch["tab"],
    version: Number(told["version"]) || undefined,
  }),
  component: lazyRouteComponent(() => import("~/pages/recipe/recipe"), "Recipe"),
});
const generator = createRoute({
  ...at("/recipe-generator"),
  component: lazyRouteComponent(() => import("~/pages/generator/generator"), "Generator"),
});
const prompts = createRoute({
  ...at("/prompts"),
  validateSearch: promptsSearch,
  component: lazyRouteComponent(() => import("~/pages/prompts/prompts"), "Prompts"),
});
const prompt = createRoute({
  ...at("/prompts/$id"),
  validateSearch: promptSearch,
  component: lazyRouteComponent(() => import("~/pages/prompt/prompt"), "Prompt"),
});
const deeplinks = createRoute({
  ...at("/deeplinks"),
  validateSearch: deeplinksSearch,
  component: lazyRouteComponent(() => import("~/pages/deeplinks/deeplinks"), "Deeplinks"),
});
const analytics = createRoute({
  ...at("/analytics"),
  validateSearch: analyticsSearch,
  component: lazyRouteComponent(() => import("~/pages/analytics/analytics"), "Analytics"),
});
const settings = createRoute({
  ...at("/settings"),
  validateSearch: (told): SettingsSearch => ({
    tab: told["tab"] as SettingsSearch["tab"],
    section: told["section"] == null ? undefined : String(told["section"]),
    q: told["q"] == null ? undefined : String(told["q"]),
    set: told["set"] === true || undefined,
  }),
  component: lazyRouteComponent(() => import("~/pages/settings/settings"), "Settings"),
});
const users = createRoute({
  ...at("/users"),
  validateSearch: (told): UsersSearch => ({
    tab: told["tab"] as UsersSearch["tab"],
    owner: told["owner"] == null ? undefined : String(told["owner"]),
  }),
  component: lazyRouteComponent(() => import("~/pages/users/users"), "Users"),
});
const audit = createRoute({
  ...at("/audit"),
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import("~/pages/audit/audit"), "Audit"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home, results, result, compare, run, recipes, recipe, generator, prompts, prompt, deeplinks, analytics, settings, users, audit,
  ]),
  basepath: import.meta.env.BASE_URL.replace(/\/$/, ""),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
