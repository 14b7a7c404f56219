// Links and presets: made, put right where they are wrong, copied, opened by a colleague, counted, filtered, revoked; a preset changed by two
// at once. Whoever may only look sees them and is offered nothing more.

import assert from "node:assert/strict";

import { ask, come, signIn, until, view } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

export default async ({ world, open, picture }) => {
  const page = await open({ reducedMotion: "reduce" });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(ui(world, "/deeplinks?tab=nonsense&state=none"));
  await signIn(page, "edna", world.password);
  await headline(page, "Deeplinks");
  await page.getByText("No link has been made yet.").waitFor();
  await accessible(page);
  await picture(page, "empty");

  // A preset: a name that is none is told at its place, and what is written survives a reload.
  await page.getByRole("tab", { name: "Presets" }).click();
  await page.getByRole("button", { name: "New preset" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("No Name");
  await dialog.getByRole("combobox", { name: "Recipe" }).fill("smoke");
  await page.getByRole("option", { name: "Smoke test" }).click();
  await dialog.getByLabel("host").fill(world.shop);
  await dialog.getByRole("button", { name: "Save" }).click();
  await wrong(dialog, "Name", /small letters/);
  await accessible(page);
  await picture(page, "preset-wrong");
  await page.reload();
  await dialog.getByText("What you were writing was kept in this browser.").waitFor();
  await dialog.getByLabel("Name").fill("nightly");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("row", { name: /nightly Recipe/ }).waitFor();
  assert.equal((await ask(world, world.admin, "/presets/nightly")).content.recipe.parameters.host, world.shop);
  await changedByTwo({ world, page, picture });

  // A link to it; the server says what is wrong of a LoadTest, by its places.
  await page.getByRole("button", { name: "Make a link: nightly" }).click();
  await dialog.getByText("Load test", { exact: true }).click();
  await dialog.getByLabel(/LoadTest/).fill("version: 1\nname: x\nload: {users: 0, run_time: 1s}\n");
  await dialog.getByRole("button", { name: "Make the link" }).click();
  await dialog.getByText("load.users: must be at least 1, not 0").waitFor();
  await picture(page, "link-wrong");
  await dialog.getByText("Preset", { exact: true }).click();
  await dialog.getByLabel("Title").fill("Every night");
  await dialog.getByLabel("Most runs").fill("0");
  await dialog.getByRole("button", { name: "Make the link" }).click();
  await wrong(dialog, "Most runs", /1 to 1000000/);
  await dialog.getByLabel("Most runs").fill("2");
  await dialog.getByRole("button", { name: "Make the link" }).click();
  const ready = page.getByRole("dialog", { name: "The link is ready" });
  await ready.getByRole("img", { name: "QR code of the link “Every night”" }).waitFor();
  assert.equal(new URL(page.url()).searchParams.has("preset"), false, "whoever comes back to the address does not make another");
  await accessible(page);
  await picture(page, "made");
  await ready.getByRole("button", { name: "Copy: Short link" }).click();
  await ready.getByRole("button", { name: "Copied: Short link" }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.keyboard.press("Escape");
  await ready.waitFor({ state: "detached" });
  const [item] = (await ask(world, world.admin, "/deeplinks")).items;
  assert.deepEqual([item.title, item.kind, item.max_uses, item.uses, item.state], ["Every night", "preset", 2, 0, "open"]);

  // A colleague opens what was copied, and starts it: both are counted.
  const other = await open({ reducedMotion: "reduce" });
  await come(other, link, "oskar", world);
  await view(other, "confirm");
  const id = await ask(world, world.admin, "/run", { method: "POST", body: JSON.stringify({ deeplink: link }) });
  assert.ok(id.run_id);
  await page.goto(ui(world, "/deeplinks?state=open"));
  await page.getByRole("row", { name: /Every night Good Preset .* 1 of 2 \d/ }).waitFor();
  await page.getByRole("button", { name: "Show Every night" }).click();
  const one = page.getByRole("dialog", { name: "Every night" });
  await one.getByRole("row", { name: /\d{4}/ }).waitFor();
  await accessible(page);
  await picture(page, "link");
  await page.keyboard.press("Escape");
  await one.waitFor({ state: "detached" });
  await until("the focus is where it was", () => page.evaluate(() => document.activeElement.textContent === "Every night"));

  await revoked({ world, open, picture, page, link });
};

/** Two write the same preset: the second is told, and keeps what it wrote until it decides. */
async function changedByTwo({ world, page, picture }) {
  await page.getByRole("button", { name: "Change nightly" }).click();
  const dialog = page.getByRole("dialog", { name: "Change nightly" });
  await dialog.getByLabel("What it is for").fill("Each night at two");
  await meanwhile(world, { description: "by somebody else", recipe_id: "smoke", parameters: { host: world.shop } });
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("Somebody else changed it meanwhile.").waitFor();
  assert.equal((await ask(world, world.admin, "/presets/nightly")).description, "by somebody else");
  await accessible(page);
  await picture(page, "preset-clash");
  assert.equal(await dialog.getByLabel("What it is for").inputValue(), "Each night at two");
  await dialog.getByRole("button", { name: "Save mine over it" }).click();
  await page.getByRole("row", { name: /nightly Recipe Each night at two/ }).waitFor();
  assert.equal((await ask(world, world.admin, "/presets/nightly")).description, "Each night at two");
}

async function meanwhile(world, preset) {
  const path = `${world.url}/api/maid/presets/nightly`;
  const authorization = `Bearer ${world.admin}`;
  const etag = (await fetch(path, { headers: { authorization } })).headers.get("etag");
  const headers = { authorization, "if-match": etag, "content-type": "application/json" };
  assert.equal((await fetch(path, { method: "PUT", headers, body: JSON.stringify(preset) })).status, 200);
}

/** Seen by a viewer on a phone, who may not; revoked by its owner; then it leads nowhere. */
async function revoked({ world, open, picture, page, link }) {
  const small = await open({ locale: "de-DE", colorScheme: "dark", reducedMotion: "reduce", viewport: { width: 360, height: 740 } });
  await small.goto(ui(world, "/deeplinks"));
  await signIn(small, "vera", world.password);
  await small.getByRole("button", { name: "Every night zeigen" }).waitFor();
  for (const hidden of ["Neuer Link", "Every night widerrufen"]) assert.equal(await small.getByRole("button", { name: hidden }).count(), 0, hidden);
  await accessible(small);
  await picture(small, "list-narrow-dark-german");
  await small.getByRole("button", { name: "Every night zeigen" }).click();
  await small.getByRole("dialog").getByRole("heading", { name: "Wohin er führt" }).waitFor();
  assert.equal(await small.getByRole("dialog").getByRole("button", { name: "Widerrufen" }).count(), 0);
  await accessible(small);
  await picture(small, "link-narrow-dark-german");

  await page.getByRole("button", { name: "Revoke Every night" }).click();
  await page.getByRole("dialog", { name: "Every night" }).getByRole("button", { name: "Revoke" }).click();
  await page.getByText("No link is in this state.").waitFor();
  await page.getByRole("button", { name: "Show all" }).click();
  await page.getByRole("row", { name: /Every night Revoked/ }).waitFor();
  await picture(page, "revoked");
  const answer = await fetch(`${world.url}/api/maid/deeplinks/open${new URL(link).search}`, { headers: { authorization: `Bearer ${world.admin}` } });
  assert.deepEqual([answer.status, (await answer.json()).code], [410, "deeplink_over"]);

  // Somebody whose it is not reads that, wherever an address leads them.
  const oskar = await open();
  await oskar.goto(ui(world, "/deeplinks?tab=presets&edit=nightly"));
  await signIn(oskar, "oskar", world.password);
  await oskar.getByRole("dialog").getByText("It is somebody else's").waitFor();
  await accessible(oskar);

  await page.getByRole("tab", { name: "Presets" }).click();
  await page.getByRole("button", { name: "Delete nightly" }).click();
  await page.getByRole("dialog", { name: "nightly" }).getByRole("button", { name: "Delete" }).click();
  await page.getByText("No preset has been made yet.").waitFor();
  // Its row is gone, and who was there goes on from the page.
  await page.locator("#content:focus").waitFor();
}

/** What is said of a field, which says it to whoever does not see it as well. */
async function wrong(place, field, what) {
  const input = place.getByLabel(field).and(place.locator("[aria-invalid=true]"));
  await input.waitFor();
  const told = (await input.getAttribute("aria-describedby")).split(" ");
  assert.match(await input.page().evaluate((ids) => ids.map((one) => document.getElementById(one)?.textContent ?? "").join(" "), told), what);
}
