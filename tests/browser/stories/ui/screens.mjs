// Every page with something on it, wide in English and narrow in German, in the light or in the dark: nothing breaks a rule of
// accessibility, nothing sticks out, and a picture of each is there to be looked at.

import assert from "node:assert/strict";

import { signIn } from "../../acts.mjs";
import { accessible, ui } from "./acts.mjs";

const pages = (world) => ({
  home: "", run: "/run?recipe=quickstart", wizard: "/run?ask=1", results: "/results", result: `/results/${world.run}`, findings: `/results/${world.ill}`,
  compare: `/compare?a=${world.ill}&b=${world.run}`, recipes: "/recipes", recipe: "/recipes/quickstart", generator: "/recipe-generator",
  prompts: "/prompts", deeplinks: "/deeplinks", analytics: "/analytics", settings: "/settings?section=load", engine: "/settings?tab=engine",
  users: "/users", keys: "/users?tab=keys", audit: "/audit",
});

export default async ({ world, open, picture }) => {
  const narrow = { locale: "de-DE", viewport: { width: 360, height: 740 } };
  const page = await open({ colorScheme: world.scheme, reducedMotion: "reduce", ...(world.narrow ? narrow : {}) });
  const seen = async (of) => {
    await accessible(page);
    await picture(page, of);
    // As much as a screen shows, for whoever reads about it.
    await page.screenshot({ path: `${world.pictures}/ui/screens/${world.way}/screen/${of}.png` });
  };
  await page.goto(ui(world));
  await signIn(page, "admin", world.password);
  await page.getByRole("banner").waitFor();
  for (const [of, path] of Object.entries(pages(world))) {
    await page.goto(ui(world, path), { waitUntil: "networkidle" });
    // Not the form to sign in, which has no banner.
    await page.getByRole("banner").waitFor();
    await page.locator("main:not([aria-busy=true]) h1").waitFor();
    await seen(of);
  }
  await page.goto(ui(world, "/recipes/quickstart"), { waitUntil: "networkidle" });
  await page.getByRole("textbox", { name: "host", exact: true }).fill(world.shop);
  await page.getByRole("button", { name: /^(Dry run|Probelauf)$/ }).click();
  const trial = page.getByRole("dialog");
  await trial.getByText(/^(Passed|Bestanden)$/).waitFor();
  // One that takes a value and checks it.
  await trial.locator("button[aria-expanded]").nth(1).click();
  await trial.getByRole("group", { name: /^(Answer|Antwort)$/ }).first().waitFor();
  await seen("dry-run");
  // What is still loaded is shown in the shape of its page, and does not move for whoever wants that.
  await page.route("**/api/maid/recipes/**", () => {});
  await page.goto(ui(world, "/recipes/quickstart"));
  await page.locator("main .mantine-Skeleton-root").nth(4).waitFor();
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0, "nothing moves");
  await page.goto(ui(world), { waitUntil: "networkidle" });
  await page.locator("header [aria-haspopup=menu]").press("Enter");
  await page.getByRole("menuitem").and(page.locator(":focus")).waitFor();
  await seen("account");
};
