// A prompt from the first word to the last: found, marked, written, put right where it is wrong, filled in and handed to the generator,
// changed by two at once with nothing lost, shared, copied, deleted. As those who write, as one who may only look, and on a phone.

import assert from "node:assert/strict";

import { ask, signIn, until } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";
import { list, shared, TEXT, twoAtOnce } from "./prompts-shared.mjs";

export default async ({ world, open, picture }) => {
  const page = await open({ reducedMotion: "reduce" });
  await page.goto(ui(world, "/prompts?category=nonsense"));
  await signIn(page, "edna", world.password);
  await headline(page, "Prompts");

  // What is looked for and filtered by stands in the address, and the server finds it.
  const cards = page.getByRole("main").getByRole("listitem");
  await until("all are listed", async () => (await cards.count()) > 20);
  await accessible(page);
  await picture(page, "list");
  await page.getByRole("searchbox").fill("nothing like it");
  await page.getByText("No prompt matches that.").waitFor();
  assert.match(page.url(), /q=nothing/);
  await page.getByRole("button", { name: "Show all" }).click();
  await until("all are listed again", async () => (await cards.count()) > 20);
  assert.equal(await page.getByRole("searchbox").inputValue(), "", "what was typed went with the filter");
  await pick(page, "Category", "Analyse results");
  await until("those that analyse alone", async () => (await cards.count()) === (await list(world, "?category=analyse")).length);
  const star = page.getByRole("button", { name: "Favourite: Analyse the results of a run" });
  await star.click();
  await page.getByRole("switch", { name: "Favourites only" }).check();
  await until("the mark alone", async () => (await cards.count()) === 1);
  assert.equal(await star.getAttribute("aria-pressed"), "true");
  assert.match(page.url(), /category=analyse.*favourite=true/);

  // A new one: what is wrong is told at its place, and what is written survives a reload.
  await page.getByRole("link", { name: "New prompt" }).click();
  await headline(page, "New prompt");
  await page.getByLabel("Title").fill("Rush hour");
  await page.getByRole("textbox", { name: /^Text/ }).fill(`${TEXT}\nand {{ no`);
  await page.getByRole("combobox", { name: "Tags" }).fill("Two Words");
  await page.getByRole("combobox", { name: "Tags" }).press("Enter");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("It was not saved; see beside the fields.").waitFor();
  await wrong(page, "Tags", /small letters/);
  await wrong(page, "Text", /line 2, column 5/);
  await accessible(page);
  await picture(page, "wrong");
  await page.reload();
  await page.getByText("What you were writing was kept in this browser.").waitFor();
  await page.getByRole("textbox", { name: /^Text/ }).fill(TEXT);
  await page.getByRole("combobox", { name: "Tags" }).press("Backspace");
  await page.getByRole("button", { name: "Add them" }).click();
  const users = page.getByRole("group", { name: "Variable users" });
  await pick(users, "Kind", "Whole number");
  await users.getByLabel("Example").fill("many");
  await users.getByLabel("Smallest").fill("1");
  await users.getByLabel("What it is").fill("How many");
  await page.getByRole("group", { name: "Variable host" }).getByLabel("What it is").fill("Where to");
  await page.getByRole("group", { name: "Variable host" }).getByLabel("Example").fill("http://127.0.0.1:1");
  await page.getByRole("button", { name: "Save" }).click();
  await wrong(users, "Example", /whole number/);
  await users.getByLabel("Example").fill("5");
  await page.getByRole("button", { name: "Save" }).click();
  await headline(page, /^Rush hour$/);
  const id = new URL(page.url()).pathname.split("/").at(-1);
  const made = await ask(world, world.admin, `/prompts/${id}`);
  assert.deepEqual([made.text, made.version, made.visibility, made.variables.length], [TEXT, 1, "private", 2]);

  // Filled in: a value that is wrong is told beside it, one that looks like a place stays what it is, and the generator is handed the text.
  await page.getByLabel("users").fill("0");
  await wrong(page, "users", /must be 1 or more/);
  await page.getByLabel("users").fill("7");
  await page.getByLabel("host").fill("{{ users }}");
  await page.getByRole("group", { name: "Preview" }).getByText("Load on {{ users }} with 7 users").waitFor();
  await accessible(page);
  await picture(page, "filled-in");
  await page.getByRole("button", { name: "Use in the generator" }).click();
  await page.getByRole("textbox").filter({ hasText: "Load on {{ users }} with 7 users" }).waitFor();
  const used = await until("the use is counted", async () => (await ask(world, world.admin, `/prompts/analytics?by=prompt&prompt=${id}`)).items[0]);
  assert.equal(used.uses, 1);

  await twoAtOnce({ world, open, picture, page, id });
  await shared({ world, open, picture, page, id });
};

async function pick(place, field, option) {
  await place.getByRole("combobox", { name: field }).or(place.getByRole("textbox", { name: field })).first().click();
  await (place.page?.() ?? place).getByRole("option", { name: option }).click();
}

/** What is said of a field, which says it to whoever does not see it as well. */
async function wrong(place, field, what) {
  const input = place.getByLabel(field, { exact: false }).and(place.locator("[aria-invalid=true]"));
  await input.waitFor();
  const told = (await input.getAttribute("aria-describedby")).split(" ");
  const words = await input.page().evaluate((ids) => ids.map((one) => document.getElementById(one)?.textContent ?? "").join(" "), told);
  assert.match(words, what);
}
