// A prompt from the first word to the last: found, marked, written, put right where it is wrong, filled in and handed to the generator,
// changed by two at once with nothing lost, shared, copied, deleted. As those who write, as one who may only look, and on a phone.

import assert from "node:assert/strict";

import { ask, signIn, until } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

const TEXT = "Load on {{ host }} with {{ users }} users";

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
  await page.getByRole("textbox", { name: /^Text/ }).fill(`${TEXT}\nand {{ no }}}`);
  await page.getByRole("combobox", { name: "Tags" }).fill("Two Words");
  await page.getByRole("combobox", { name: "Tags" }).press("Enter");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("It was not saved; see beside the fields.").waitFor();
  await wrong(page, "Tags", /small letters/);
  await wrong(page, "Text", /line 2|used and not declared/);
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
  await wrong(page, "users", /at least 1|1 or more|not.*1/);
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

/** Both change it: the second is told, sees what the first wrote, and loses nothing. */
async function twoAtOnce({ world, open, picture, page, id }) {
  const other = await open({ reducedMotion: "reduce" });
  await other.goto(ui(world, `/prompts/${id}?edit=true`));
  await signIn(other, "admin", world.password);
  await headline(other, "Edit: Rush hour");
  await other.getByLabel("Description").fill("What the admin wrote");
  await page.goto(ui(world, `/prompts/${id}?edit=true`));
  await page.getByRole("textbox", { name: /^Text/ }).fill(`${TEXT}, gently`);
  await page.getByRole("button", { name: "Save" }).click();
  await headline(page, /^Rush hour$/);
  await other.getByRole("button", { name: "Save", exact: true }).click();
  await other.getByText("Somebody else changed it meanwhile").waitFor();
  assert.equal((await ask(world, world.admin, `/prompts/${id}`)).version, 2, "nothing was saved over it");
  await other.getByRole("button", { name: "What they changed" }).click();
  await other.getByRole("region", { name: "From version 1 to version 2" }).getByText("+  ", { exact: false }).or(other.getByText(`+${TEXT}, gently`)).first().waitFor();
  await accessible(other);
  await picture(other, "clash");
  assert.equal(await other.getByLabel("Description").inputValue(), "What the admin wrote");
  await other.getByRole("button", { name: "Save mine over it" }).click();
  await headline(other, /^Rush hour$/);
  const third = await ask(world, world.admin, `/prompts/${id}`);
  assert.deepEqual([third.version, third.text, third.description], [3, TEXT, "What the admin wrote"]);

  await page.goto(ui(world, `/prompts/${id}?tab=versions`));
  await page.getByRole("button", { name: "Compare version 2 with the newest" }).click();
  await page.getByRole("heading", { name: "From version 2 to version 3" }).waitFor();
  await page.getByText("Changed: Description, Text").waitFor();
  await accessible(page);
  await picture(page, "versions");
  await page.getByRole("button", { name: "Bring back: Version 2" }).click();
  await page.getByRole("dialog", { name: "Rush hour" }).getByRole("button", { name: "Bring back" }).click();
  await page.getByText("brought back from version 2").waitFor();
  assert.equal((await ask(world, world.admin, `/prompts/${id}`)).text, `${TEXT}, gently`);
}

/** By a link, for those who have it; seen by a viewer, who may not change it; copied by an admin; deleted by its name. */
async function shared({ world, open, picture, page, id }) {
  const menu = async (what) => {
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: what }).click();
    await page.getByRole("menu").waitFor({ state: "detached" });
  };
  await menu("Share");
  const dialog = page.getByRole("dialog", { name: "Share" });
  await dialog.getByLabel(/Besides, whoever has its link/).check();
  await dialog.getByRole("button", { name: "Make a link" }).click();
  const link = await dialog.locator("pre").textContent();
  assert.equal((await (await fetch(link)).json()).text, `${TEXT}, gently`, "the link alone is enough");
  await accessible(page);
  await picture(page, "shared");
  await page.keyboard.press("Escape");

  const small = await open({ locale: "de-DE", colorScheme: "dark", reducedMotion: "reduce", viewport: { width: 360, height: 740 } });
  await small.goto(ui(world, "/prompts?source=others"));
  await signIn(small, "vera", world.password);
  await headline(small, "Prompts");
  await small.getByRole("link", { name: "Rush hour" }).waitFor();
  assert.equal(await small.getByRole("link", { name: "Neuer Prompt" }).count(), 0);
  await accessible(small);
  await picture(small, "list-narrow-dark-german");
  await small.getByRole("link", { name: "Rush hour" }).click();
  await small.getByText("Wo noch ein Wert fehlt, steht ein Beispiel.").waitFor();
  for (const hidden of ["Bearbeiten", "Mehr", "Im Generator verwenden"]) assert.equal(await small.getByText(hidden).count(), 0, hidden);
  await accessible(small);
  await picture(small, "prompt-narrow-dark-german");

  await menu("Make a copy of my own");
  await page.getByLabel("Title of the copy").fill("Rush hour, mine");
  await page.getByRole("dialog").getByRole("button", { name: "Make a copy of my own" }).click();
  await headline(page, "Edit: Rush hour, mine");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("link", { name: "Made from “Rush hour”" }).click();
  await headline(page, /^Rush hour$/);
  await menu("Delete");
  const sure = page.getByRole("dialog", { name: "Rush hour" });
  await accessible(page);
  await sure.getByRole("button", { name: "Delete" }).click();
  await headline(page, "Prompts");
  await page.getByRole("link", { name: "Rush hour, mine" }).waitFor();
  const left = (await list(world, "?source=others")).map(({ title }) => title);
  assert.deepEqual(left, ["Rush hour, mine"]);
  assert.equal((await fetch(link)).status, 404, "its link went with it");
}

const list = async (world, query) => (await ask(world, world.admin, `/prompts${query}&limit=100`)).items;

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
