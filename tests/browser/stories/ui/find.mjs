// What was run, and what there is to run, is found again by its words and by the keyboard alone; and all runs together are looked at: by day,
// asked whether a test has changed, and how the models are.

import assert from "node:assert/strict";

import { ask, signIn, until } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

export default async ({ world, open, picture }) => {
  const page = await open({ reducedMotion: "reduce" });
  await page.goto(ui(world));
  await signIn(page, "oskar", world.password);
  await headline(page, "Load tests");

  // `/` opens the search; a run, a recipe and a prompt are found by the same words.
  const search = page.getByRole("dialog", { name: "Search" });
  const words = search.getByRole("combobox");
  await page.keyboard.press("/");
  await words.fill("shop");
  const options = search.getByRole("option");
  await options.filter({ hasText: /^Shop front/ }).waitFor();
  for (const kind of ["Runs", "Recipes"]) await search.getByRole("group", { name: kind, exact: true }).getByRole("option").first().waitFor();
  await accessible(page);
  await picture(page, "search");

  // The arrows choose, Enter goes there.
  assert.equal(await options.first().getAttribute("aria-selected"), "true");
  await page.keyboard.press("ArrowDown");
  assert.equal(await options.nth(1).getAttribute("aria-selected"), "true");
  assert.equal(await words.getAttribute("aria-activedescendant"), await options.nth(1).getAttribute("id"));
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  assert.equal(await options.last().getAttribute("aria-selected"), "true", "before the first comes the last");
  await words.fill("Shop front");
  await until("the run comes first", async () => /Shop front/.test((await options.first().textContent()) ?? ""));
  await page.keyboard.press("Enter");
  await headline(page, "Shop front");
  assert.equal(new URL(page.url()).pathname, `/plugins/maid/results/${world.run}`);

  // Enter before the answer waits for it: a prompt by its title.
  await page.keyboard.press("/");
  await words.fill("Analyse the results of a run");
  await page.keyboard.press("Enter");
  await headline(page, "Analyse the results of a run");

  // Nothing is found, and said; Esc closes and gives the focus back to where it was.
  await page.getByRole("tab", { name: "Versions" }).focus();
  await page.keyboard.press("/");
  await words.fill("zzzzqqqq xxyyzz");
  await search.getByText("Nothing was found for “zzzzqqqq xxyyzz”.").waitFor();
  await picture(page, "search-nothing");
  await page.keyboard.press("Escape");
  await search.waitFor({ state: "detached" });
  await until("the focus is where it was", () => page.evaluate(() => document.activeElement?.textContent === "Versions"));

  await keys({ page, picture });
  await together({ world, open, picture, page });
};

/** All keys on `?`; turned off they do nothing, and can be turned on again without one. */
async function keys({ page, picture }) {
  const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await page.keyboard.press("?");
  await list.getByRole("row", { name: "g r Results" }).waitFor();
  await accessible(page);
  await picture(page, "keys");
  await list.getByRole("switch", { name: "Use these keys" }).uncheck();
  await page.keyboard.press("Escape");
  await list.waitFor({ state: "detached" });
  for (const key of ["?", "/", "g", "r"]) await page.keyboard.press(key);
  await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
  assert.equal(await page.getByRole("dialog").count(), 0);
  assert.doesNotMatch(page.url(), /results/);
  await headline(page, "Analyse the results of a run");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("dialog", { name: "Search" }).getByRole("button", { name: "Keyboard shortcuts" }).click();
  await list.getByRole("switch", { name: "Use these keys" }).check();
  await page.keyboard.press("Escape");
  await list.waitFor({ state: "detached" });
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await headline(page, "Results");
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await headline(page, "Analytics");
}

/** Runs by day, a question about a trend, the use and the state of the models. */
async function together({ world, open, picture, page }) {
  const [run] = (await ask(world, world.admin, "/history")).items;
  await page.getByText("Runs: 1, passed: 1, not passed: 0").waitFor();
  await page.getByRole("button", { name: "As a table" }).first().click();
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" }).format(new Date(run.started_at));
  await page.getByRole("row", { name: new RegExp(`^${day} `) }).waitFor();
  await page.getByText("7 days", { exact: true }).click();
  await until("the time stands in the address", () => /days=7/.test(page.url()));

  const question = page.getByRole("textbox", { name: "Question" });
  await question.fill("Is Shop front slower than yesterday?");
  await page.keyboard.press("Enter");
  await page.getByText("Not enough runs", { exact: true }).waitFor();
  await page.getByText(/There is not enough to tell|is needed/).first().waitFor();
  assert.match(page.url(), /q=Is/);
  assert.equal(await question.evaluate((field) => field === document.activeElement), true, "the next question can be written at once");
  await question.fill("How is the weather?");
  await page.getByRole("button", { name: "Ask" }).click();
  await page.getByText("No test and no request of one has this in its name: weather.").waitFor();
  await page.goBack();
  assert.equal(await question.inputValue(), "Is Shop front slower than yesterday?");

  await page.getByText("Model", { exact: true }).first().click();
  await until("what is counted by stands in the address", () => /by=model/.test(page.url()));
  const { chat } = await ask(world, world.admin, "/ai/status");
  await page.getByRole("region", { name: "The models" }).getByText({ ready: "Ready", idle: "Loads when asked", missing: "Missing", off: "Off", failed: "Failed", loading: "Loading" }[chat.state]).first().waitFor();
  await accessible(page);
  await picture(page, "analytics");

  const small = await open({ locale: "de-DE", colorScheme: "dark", reducedMotion: "reduce", viewport: { width: 360, height: 740 } });
  await small.goto(ui(world, "/analytics?days=nonsense&by=nothing"));
  await signIn(small, "vera", world.password);
  await headline(small, "Auswertung");
  await small.getByText("30 Tage", { exact: true }).waitFor();
  await small.getByRole("heading", { name: "Die Modelle" }).waitFor();
  await accessible(small);
  await picture(small, "analytics-narrow-dark-german");
  await small.getByRole("button", { name: "Suchen" }).click();
  await small.getByRole("combobox").fill("shop");
  await small.getByRole("option").first().waitFor();
  await accessible(small);
  const closing = await small.getByRole("dialog").getByRole("button", { name: "Schließen" }).boundingBox();
  assert.ok(closing.x + closing.width < 350, "nothing of the dialog is cut");
  await picture(small, "search-narrow-dark-german");
}
