// A recipe is copied, changed by two at once, held against what it said before, brought back, and deleted. Whoever may only look is offered
// nothing of it.

import assert from "node:assert/strict";

import { ask, signIn } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

const shown = async (world, id) => await ask(world, world.admin, `/recipes/${id}`);
const stored = async (world, id) => (await shown(world, id)).recipe;

export default async ({ world, open, picture }) => {
  const page = await open();
  await page.goto(ui(world, `/recipes/${world.recipe}?tab=edit`));
  await signIn(page, "edna", world.password);
  await headline(page, "A search");
  assert.equal(await page.getByRole("tab", { name: "Edit" }).count(), 0, "it is somebody else's");
  await page.getByRole("button", { name: "Clone" }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(world.recipe));
  const title = page.getByRole("textbox", { name: "Title" });
  const summary = page.getByRole("textbox", { name: "Summary" });
  const save = page.getByRole("button", { name: "Save" });
  await title.waitFor();
  const id = new URL(page.url()).pathname.split("/").at(-1);
  assert.equal((await stored(world, id)).parameters.length, 7);
  assert.ok(await save.isDisabled(), "nothing is written yet");

  // What is wrong is told while it is written, beside its field and on its line, and nothing is stored.
  const code = page.getByRole("textbox", { name: "The recipe as code (YAML)" });
  const right = page.getByText("Nothing is wrong with it; it can be saved");
  await right.waitFor();
  await title.fill("");
  await page.getByRole("combobox", { name: "Tags" }).fill("No Tag");
  await page.keyboard.press("Enter");
  const told = (field) => page.locator(".mantine-InputWrapper-root", { has: field }).locator(".mantine-InputWrapper-error");
  await told(title).getByText("must be 1 to 200 characters").waitFor();
  await page.locator(".mantine-InputWrapper-error").getByText(/small letters, digits and `-`, and begin/).waitFor();
  await page.getByText("2 problems").waitFor();
  await page.getByRole("button", { name: "Line 1:" }).click();
  await code.and(page.locator(":focus")).waitFor();
  await accessible(page);
  await picture(page, "wrong-change");
  await save.click();
  await title.and(page.locator(":focus")).waitFor();
  assert.equal((await stored(world, id)).title, "A search (copy)");
  await code.fill("parameters: [");
  await page.getByText("The code cannot be read. The form waits until it can.").waitFor();
  assert.ok((await title.isDisabled()) && (await save.isDisabled()));
  await accessible(page);
  await page.getByRole("button", { name: "Discard changes" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Discard changes" }).click();
  await right.waitFor();
  assert.match(await code.textContent(), /name: host/);

  // What is written beside the values stays where it is, whatever the fields change.
  await title.fill("");
  await page.getByRole("button", { name: "Line 1:" }).click();
  await code.and(page.locator(":focus")).waitFor();
  await page.keyboard.insertText("# For the morning.\n");
  await code.getByText("# For the morning.").waitFor();
  await title.fill("A search (copy)");

  // What is typed while it is being saved is not lost: it waits to be saved over that.
  await page.route(`**/api/maid/recipes/${id}`, async (route) => {
    if (route.request().method() === "PUT") await summary.fill("Typed meanwhile.");
    await route.continue();
  });
  await summary.fill("Typed before.");
  await save.click();
  await page.getByText("Saved", { exact: true }).first().waitFor();
  assert.deepEqual([await summary.inputValue(), (await stored(world, id)).summary], ["Typed meanwhile.", "Typed before."]);
  await page.unroute(`**/api/maid/recipes/${id}`);
  await page.getByText("Saved", { exact: true }).waitFor({ state: "detached" });
  await save.click();
  await page.getByText("Saved", { exact: true }).first().waitFor();
  assert.equal((await stored(world, id)).summary, "Typed meanwhile.");
  const { text } = await shown(world, id);
  assert.match(text, /^# For the morning\.\ntitle: "?A search \(copy\)"?\nsummary: Typed meanwhile\.\n/);
  assert.ok(await save.isDisabled(), "all of it is saved");
  await page.getByText("Saved", { exact: true }).waitFor({ state: "detached" });

  // Two tabs, one recipe: the second to save is told, and nothing of what it says is lost.
  const other = await open();
  await other.goto(ui(world, `/recipes/${id}?tab=edit`));
  await signIn(other, "admin", world.password);
  const theirs = other.getByRole("textbox", { name: "Title" });
  const change = async (words) => {
    await theirs.fill(words);
    await other.getByRole("button", { name: "Save" }).click();
    await other.getByText("Saved", { exact: true }).first().waitFor();
    await other.getByText("Saved", { exact: true }).waitFor({ state: "detached" });
  };
  await theirs.waitFor();
  await summary.fill("Found by me.");
  await page.reload();
  assert.equal(await summary.inputValue(), "Found by me.", "it survives a reload");
  await change("Theirs");
  await save.click();
  const refused = page.getByText("Somebody else changed it meanwhile");
  await refused.waitFor();
  const seen = (notice) => notice.getBoundingClientRect().top >= document.querySelector("header").getBoundingClientRect().bottom;
  assert.ok(await refused.evaluate(seen), "what is led to is not hidden below the bar");
  assert.equal(await summary.inputValue(), "Found by me.");
  await page.getByRole("button", { name: "Show what differs" }).click();
  const apart = page.getByRole("region", { name: "From version 4 to what is written here" });
  for (const line of ["- title: Theirs", "+ title: A search (copy)", "- summary: Typed meanwhile.", "+ summary: Found by me."]) await apart.getByText(line).waitFor();
  await accessible(page);
  await picture(page, "changed-meanwhile");
  await page.getByRole("button", { name: "Save mine over it" }).click();
  await page.getByText("Saved", { exact: true }).first().waitFor();
  assert.deepEqual([(await stored(world, id)).title, (await stored(world, id)).summary], ["A search (copy)", "Found by me."]);
  await other.reload();
  await theirs.waitFor();
  await summary.fill("Written in vain.");
  await change("Theirs again");
  await save.click();
  await page.getByRole("button", { name: "Load the other version" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Load the other version" }).click();
  await page.getByRole("heading", { level: 1, name: "Theirs again" }).waitFor();
  assert.equal(await title.inputValue(), "Theirs again");
  assert.equal((await stored(world, id)).summary, "Found by me.");

  // What it said before: held against another version, and taken back.
  await page.getByRole("tab", { name: "Versions" }).click();
  await page.getByRole("button", { name: /^Version 1/ }).click();
  await page.getByRole("textbox", { name: "Version 1" }).getByText("Somebody looks for something.").waitFor();
  await page.getByRole("combobox", { name: "Compare with" }).click();
  await page.getByRole("option", { name: "Version 6" }).click();
  const differing = page.getByRole("region", { name: "From version 6 to version 1" });
  await differing.getByText("- title: Theirs again").waitFor();
  await differing.getByText("+ title: A search (copy)").waitFor();
  assert.match(page.url(), /version=1.*against=6/);
  await accessible(page);
  await picture(page, "difference");
  await page.getByRole("button", { name: "Go back to this version" }).click();
  await page.getByRole("dialog").getByText("Version 1 becomes the newest one").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Go back to this version" }).click();
  await headline(page, "A search (copy)");
  await page.getByRole("button", { name: /^Version 7/ }).waitFor();
  assert.equal((await stored(world, id)).summary, "Somebody looks for something.");

  // On a narrow screen, in the dark, in German, by somebody who may only look.
  const small = await open({ locale: "de-DE", colorScheme: "dark", viewport: { width: 360, height: 740 } });
  await small.goto(ui(world, "/recipes"));
  await signIn(small, "vera", world.password);
  await headline(small, "Rezepte");
  await small.getByRole("link", { name: "Search", exact: true }).waitFor();
  await accessible(small);
  await picture(small, "library-dark-german-narrow");
  await small.goto(ui(world, `/recipes/${id}`));
  await headline(small, "A search (copy)");
  await small.getByText("Mit Ihrer Rolle können Sie Rezepte ansehen").waitFor();
  for (const hidden of ["Ausführen", "Duplizieren", "Mehr"]) assert.equal(await small.getByRole("button", { name: hidden, exact: true }).count(), 0, hidden);
  assert.equal(await small.getByRole("tab", { name: "Bearbeiten" }).count(), 0);
  await accessible(small);
  await picture(small, "recipe-dark-german-narrow");

  // Deleted, by its name; whoever comes by an old link is told.
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  const sure = page.getByRole("dialog", { name: "A search (copy)" });
  await sure.getByRole("button", { name: "Cancel" }).click();
  await sure.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await sure.getByRole("button", { name: "Delete" }).click();
  await headline(page, "Recipes");
  const left = (await ask(world, world.admin, "/recipes?built_in=false")).items.map((item) => item.id);
  assert.ok(!left.includes(id) && left.includes(world.recipe));
  await small.reload();
  await headline(small, "Kein solches Rezept");
  await accessible(small);

  // Deleted while somebody changes it: what they wrote becomes another one.
  const { id: gone } = await ask(world, world.admin, `/recipes/${world.recipe}/clone`, { method: "POST" });
  await other.goto(ui(world, `/recipes/${gone}?tab=edit`));
  await other.getByRole("textbox", { name: "Title" }).fill("Left alone");
  const deleted = await fetch(`${world.url}/api/maid/recipes/${gone}`, { method: "DELETE", headers: { authorization: `Bearer ${world.admin}` } });
  assert.ok(deleted.ok);
  await other.getByRole("button", { name: "Save", exact: true }).click();
  await other.getByText("What you were writing is still here").waitFor();
  await accessible(other);
  await other.getByRole("button", { name: "Save it as a new recipe" }).click();
  await headline(other, "Left alone");
};
