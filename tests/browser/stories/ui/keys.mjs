// A key is made, works and is revoked. Somebody changes their password; no admin, they see their own keys and themselves alone.

import assert from "node:assert/strict";

import { ask, signIn, until } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

const HURTS = '<img src=x onerror="window.hurt=1"> ';
const WORDS = "nine quiet herons wade";

export default async ({ world, open, picture }) => {
  const page = await come(open, world, "/users?tab=keys", "admin");
  await keyMade(page, world, picture);
  await ownPassword(open, world, picture);
  const small = await come(open, world, "/users?tab=keys", "admin", { locale: "de-DE", colorScheme: "dark", viewport: { width: 360, height: 740 } });
  await small.getByText("Widerrufen").first().waitFor();
  await accessible(small);
  await picture(small, "keys-dark-german-narrow");
  await small.getByRole("button", { name: "Neuer Schlüssel" }).click();
  await small.getByRole("dialog").getByText("Was er darf").waitFor();
  await accessible(small);
  await picture(small, "new-key-dark-german-narrow");
};

async function keyMade(page, world, picture) {
  const dialog = page.getByRole("dialog");
  const keys = async () => (await ask(world, world.admin, "/keys")).items;
  const name = HURTS.padEnd(100, "A");
  await page.getByRole("button", { name: "New key" }).click();
  await labelled(dialog, "Name").fill(name);
  await labelled(dialog, "Ends").click();
  await page.getByRole("option", { name: "at a certain time" }).click();
  await labelled(dialog, "When").fill("2020-01-01T00:00");
  await dialog.getByRole("button", { name: "Limits" }).click();
  await labelled(dialog, "Most users of a run").fill("7");
  await labelled(dialog, "Targets").fill("*.staging.example.com");
  await dialog.getByRole("button", { name: "Make the key" }).click();
  await told(dialog, "When", /must be in the future/);
  await picture(page, "bad-end");
  await labelled(dialog, "When").fill("2099-01-01T00:00");
  await accessible(page);
  await dialog.getByRole("button", { name: "Make the key" }).click();
  await dialog.getByText("This key is shown now and never again.").waitFor();
  await accessible(page);
  await picture(page, "key-once");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await dialog.getByRole("button", { name: "Copy: Key" }).click();
  await dialog.getByRole("button", { name: "Copied: Key" }).waitFor();
  const key = await page.evaluate(() => navigator.clipboard.readText());
  await dialog.getByRole("button", { name: "Close" }).last().click();
  const [made] = await keys();
  assert.deepEqual([made.name, made.scopes, made.metadata.max_users, made.metadata.targets], [name, ["maid.read"], 7, ["*.staging.example.com"]]);
  const works = async () => (await fetch(`${world.url}/api/maid/history`, { headers: { "x-api-key": key } })).status;
  assert.equal(await works(), 200);
  const row = page.getByRole("row", { name: /Most users of a run: 7/ });
  await row.waitFor();
  await accessible(page);
  await picture(page, "keys");
  await row.getByRole("button", { name: /^Revoke the key/ }).click();
  await page.getByRole("dialog", { name: /^Revoke the key/ }).waitFor();
  await accessible(page);
  await picture(page, "revoke");
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await row.getByText("Revoked").waitFor();
  assert.equal(await works(), 401);
  assert.equal(await page.evaluate(() => "hurt" in window), false);
}

/** As somebody who is no admin, and who sees themselves alone. */
async function ownPassword(open, world, picture) {
  const page = await come(open, world, "/users?tab=users", "vera");
  const refused = [];
  page.on("response", (answer) => answer.status() === 403 && refused.push(answer.url()));
  assert.deepEqual(await page.getByRole("tab").allTextContents(), ["Keys", "Me"]);
  await page.getByText("No key yet.").waitFor();
  const elsewhere = (await (await signedIn(world, "vera", world.password)).json()).access_token;
  const further = (await (await signedIn(world, "vera", world.password)).json()).access_token;
  const known = async (token) => (await fetch(`${world.url}/api/maid/auth/me`, { headers: { authorization: `Bearer ${token}` } })).status;
  await page.getByRole("tab", { name: "Me" }).click();
  // The newest session is ended from here; the others go on.
  const ends = page.getByRole("button", { name: /^End the session that began/ });
  // One more is from when she was made.
  await until("three sessions elsewhere", async () => (await ends.count()) === 3);
  await page.getByText("This one", { exact: true }).waitFor();
  await ends.first().click();
  await until("one of them is over", async () => (await ends.count()) === 2);
  assert.deepEqual([await known(further), await known(elsewhere)], [401, 200]);
  const change = async (current, next, again) => {
    await labelled(page, "Present password").fill(current);
    await labelled(page, "New password").fill(next);
    await labelled(page, "New password, once more").fill(again);
    await page.getByRole("button", { name: "Change password" }).click();
  };
  await change("not my password", WORDS, WORDS);
  await told(page, "Present password", /is not your password/);
  await change(world.password, "short", "short");
  await told(page, "New password", /must be 12 characters or more/);
  await change(world.password, WORDS, `${WORDS}!`);
  await told(page, "New password, once more", /The two are not the same/);
  await picture(page, "own-password-differs");
  await change(world.password, WORDS, WORDS);
  await page.getByText("Your password was changed, and your other sessions have ended.").waitFor();
  await until("the others are gone from the list", async () => (await ends.count()) === 0);
  await accessible(page);
  await picture(page, "me");
  assert.equal(await known(elsewhere), 401, "the session elsewhere has ended");
  await page.reload();
  await page.getByRole("heading", { level: 2, name: "vera" }).waitFor();
  await page.getByText("This one", { exact: true }).waitFor();
  assert.equal(await ends.count(), 0);
  await page.goto(ui(world, "/audit"));
  await page.getByText("Only admins see who did what.").waitFor();
  assert.deepEqual(refused, []);
}

const signedIn = ({ url }, username, password) =>
  fetch(`${url}/api/maid/auth/login`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ username, password }) });

/** A label that has to be filled in has a star. */
const labelled = (place, label) => place.getByLabel(new RegExp(`^${label}( \\*)?$`));

/** What is said beside a field. */
async function told(place, label, what) {
  const has = labelled(place.page?.() ?? place, label);
  await place.locator(".mantine-InputWrapper-root").filter({ has }).getByText(what).waitFor();
}

async function come(open, world, path, name, options) {
  const page = await open({ reducedMotion: "reduce", ...options });
  await page.goto(ui(world, path));
  await signIn(page, name, world.password);
  await headline(page, /^(Users and keys|Benutzer und Schlüssel)$/);
  return page;
}
