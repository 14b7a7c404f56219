// Who may come in: a user is made, comes in, is given another role and password, is kept out and let in again. The last admin stays one.

import assert from "node:assert/strict";

import { signIn } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

const WORDS = "nine quiet herons wade";

export default async ({ world, open, picture }) => {
  const page = await come(open, world, "/users?tab=nonsense", "admin");
  await page.getByRole("row", { name: /vera Viewer Active/ }).waitFor();
  await accessible(page);
  await picture(page, "users");
  await userMade(page, world, picture);
  await userChanged(page, world, picture);

  const small = await come(open, world, "/users", "admin", { locale: "de-DE", colorScheme: "dark", viewport: { width: 360, height: 740 } });
  await small.getByRole("row", { name: /vera Betrachter/ }).waitFor();
  await accessible(small);
  await picture(small, "users-dark-german-narrow");
};

async function userMade(page, world, picture) {
  await page.getByRole("button", { name: "New user" }).click();
  const dialog = page.getByRole("dialog");
  await labelled(dialog, "User name").fill("no good!");
  await dialog.getByRole("button", { name: "Make the user" }).click();
  await told(dialog, "User name", /letters|characters/);
  await accessible(page);
  await picture(page, "bad-name");
  await labelled(dialog, "User name").fill("vera");
  await dialog.getByRole("button", { name: "Make the user" }).click();
  await told(dialog, "User name", /There is a user of this name already/);
  await labelled(dialog, "User name").fill("nina");
  await dialog.getByRole("radio", { name: "Viewer" }).check();
  await labelled(dialog, "Password").fill("short");
  await dialog.getByRole("button", { name: "Make the user" }).click();
  await told(dialog, "Password", /must be 12 characters or more/);
  // One that nobody guesses.
  await dialog.getByRole("button", { name: "Generate" }).click();
  const password = await labelled(dialog, "Password").inputValue();
  await dialog.getByRole("button", { name: "Make the user" }).click();
  await dialog.getByText("This password is shown now and never again.").waitFor();
  assert.ok((await dialog.textContent()).includes(password));
  await accessible(page);
  await picture(page, "password-once");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("row", { name: /nina Viewer Active/ }).waitFor();
  assert.equal((await signedIn(world, "nina", password)).status, 200);
  assert.ok(!(await page.content()).includes(password));
}

async function userChanged(page, world, picture) {
  const dialog = page.getByRole("dialog");
  const change = async (name, act) => {
    await page.getByRole("button", { name: `Change ${name}` }).click();
    await act();
    await dialog.getByRole("button", { name: "Save" }).click();
  };
  await change("nina", async () => {
    await dialog.getByRole("radio", { name: "Editor" }).check();
    await labelled(dialog, "New password").fill(WORDS);
    await accessible(page);
    await picture(page, "change-user");
  });
  await dialog.getByText(WORDS).waitFor();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("row", { name: /nina Editor Active/ }).waitFor();
  assert.equal((await signedIn(world, "nina", WORDS)).status, 200);
  await change("nina", () => dialog.getByRole("radio", { name: "Disabled" }).check());
  await page.getByRole("row", { name: /nina Editor Disabled/ }).waitFor();
  assert.equal((await signedIn(world, "nina", WORDS)).status, 401);
  await change("nina", () => dialog.getByRole("radio", { name: "Active" }).check());
  await page.getByRole("row", { name: /nina Editor Active/ }).waitFor();
  assert.equal((await signedIn(world, "nina", WORDS)).status, 200);

  // Somebody has to remain who may let others in.
  await change("admin", () => dialog.getByRole("radio", { name: "Viewer" }).check());
  await dialog.getByText("the last admin stays one: make another user admin first").waitFor();
  await accessible(page);
  await picture(page, "last-admin");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
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
