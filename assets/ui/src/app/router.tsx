// Which page is where. Each but the first is loaded when somebody goes there.

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";

import { Home } from "~/pages/home/home";
import { Broken, Missing } from "~/pages/nowhere";
import { analyticsSearch } from "~/pages/analytics/view";
import { deeplinksSearch } from "~/pages/deeplinks/view";
import { promptSearch } from "~/pages/prompt/view";
import { promptsSearch } from "~/pages/prompts/view";
import { recipeSearch } from "~/pages/recipe/view";
import { recipesSearch } from "~/pages/recipes/view";
import { compareSearch } from "~/pages/compare/view";
import { resultSearch } from "~/pages/result/view";
import { resultsSearch } from "~/pages/results/view";
import type { RunSearch } from "~/pages/run/run";
import { auditSearch } from "~/pages/audit/search";
import { settingsSearch } from "~/pages/settings/search";
import { usersSearch } from "~/pages/users/search";
import { loaded } from "~/parts/loaded";

import { Shell } from "./shell";

const root = createRootRoute({ component: Shell, notFoundComponent: Missing, errorComponent: Broken });
const at = <P extends string>(path: P) => ({ getParentRoute: () => root, path });

const home = createRoute({ ...at("/"), component: Home });
const results = createRoute({
  ...at("/results"),
  validateSearch: resultsSearch,
  component: lazyRouteComponent(loaded(() => import("~/pages/results/results")), "Results"),
});
const compare = createRoute({
  ...at("/compare"),
  validateSearch: compareSearch,
  component: lazyRouteComponent(loaded(() => import("~/pages/compare/compare")), "Compare"),
});
const result = createRoute({
  ...at("/results/$id"),
  validateSearch: resultSearch,
  component: lazyRouteComponent(loaded(() => import("~/pages/result/result")), "Result"),
});

const run = createRoute({
  ...at("/run"),
  validateSearch: (told): RunSearch => ({
    ask: Number(told["ask"]) || undefined,
    recipe: told["recipe"] == null ? undefined : String(told["recipe"]),
  }),
  component: lazyRouteComponent(loaded(() => import("~/pages/run/run")), "Run"),
});
const recipes = createRoute({
  ...at("/recipes"),
  validateSearch: recipesSearch,
  component: lazyRouteComponent(loaded(() => import("~/pages/recipes/recipes")), "Recipes"),
});
const recipe = createRoute({
  ...at("/recipes/$id"),
  validateSearch: recipeSearch,
  component: lazyRouteComponent(loaded(() => import("~/pages/recipe/recipe")), "Recipe"),
});
const generator = createRoute({
  ...at("/recipe-generator"),
  component: lazyRouteComponent(loaded(() => import("~/pages/generator/generator")), "Generator"),
});
const prompts = createRoute({
  ...at("/prompts"),
  validateSearch: promptsSearch,
  component: lazyRouteComponent(loaded(() => import("~/pages/prompts/prompts")), "Prompts"),
});
const prompt = createRoute({
  ...at("/prompts/$id"),
  validateSearch: promptSearch,
  component: lazyRouteComponent(loaded(() => import("~/pages/prompt/prompt")), "Prompt"),
});
const deeplinks = createRoute({
  ...at("/deeplinks"),
  validateSearch: deeplinksSearch,
  component: lazyRouteComponent(loaded(() => import("~/pages/deeplinks/deeplinks")), "Deeplinks"),
});
const analytics = createRoute({
  ...at("/analytics"),
  validateSearch: analyticsSearch,
  component: lazyRouteComponent(loaded(() => import("~/pages/analytics/analytics")), "Analytics"),
});
const settings = createRoute({
  ...at("/settings"),
  validateSearch: settingsSearch,
  component: lazyRouteComponent(loaded(() => import("~/pages/settings/settings")), "Settings"),
});
const users = createRoute({
  ...at("/users"),
  validateSearch: usersSearch,
  component: lazyRouteComponent(loaded(() => import("~/pages/users/users")), "Users"),
});
const audit = createRoute({
  ...at("/audit"),
  validateSearch: auditSearch,
  component: lazyRouteComponent(loaded(() => import("~/pages/audit/audit")), "Audit"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home, results, result, compare, run, recipes, recipe, generator, prompts, prompt, deeplinks, analytics, settings, users, audit,
  ]),
  basepath: import.meta.env.BASE_URL.replace(/\/$/, ""),
  defaultPreload: "intent",
  // Within the page, so that one is led on from there.
  defaultErrorComponent: Broken,
  // What an address says besides is nobody's: links are passed on with marks of those who count clicks.
  search: { strict: true },
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
