// What becomes of a prompt once there are others: two change it at once, it is handed on, copied and deleted. A part of the story `prompts`.

import assert from "node:assert/strict";

import { ask, signIn } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

export const TEXT = "Load on {{ host }} with {{ users }} users";

/** Both change it: the second is told, sees what the first wrote, and loses nothing. */
export async function twoAtOnce({ world, open, picture, page, id }) {
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
  await other.getByRole("region", { name: "From version 1 to version 2" }).getByText(`+${TEXT}, gently`).waitFor();
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
export async function shared({ world, open, picture, page, id }) {
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
  // The link alone is enough: for people a page, for programs the same from the API.
  const stranger = await open({ colorScheme: "dark", viewport: { width: 360, height: 740 } });
  await stranger.goto(link);
  await headline(stranger, /^Rush hour$/);
  await stranger.getByRole("region", { name: "Text" }).getByText(`${TEXT}, gently`).waitFor();
  await accessible(stranger);
  await picture(stranger, "by-link");
  const raw = `${world.url}/api/maid/prompts/shared/${link.split("/").at(-1)}`;
  assert.equal((await (await fetch(raw)).json()).text, `${TEXT}, gently`);
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
  await small.getByRole("tab", { name: "Text" }).click();
  await small.getByRole("heading", { name: "Variablen" }).waitFor();
  await accessible(small);

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
  assert.equal((await fetch(raw)).status, 404, "its link went with it");
  await stranger.reload();
  await headline(stranger, "This prompt is not shared any more");
  await accessible(stranger);
}

/** The prompts that the admin may read. */
export const list = async (world, query) => (await ask(world, world.admin, `/prompts${query}&limit=100`)).items;
