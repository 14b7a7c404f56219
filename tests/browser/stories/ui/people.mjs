// Who may come in: a user is made, comes in, one chooses a password with an invitation, is given another role and password, is kept out and let in again. The last admin stays one.

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
  await userInvited({ page, world, open, picture });

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
  await stays(page, dialog.getByRole("button", { name: "Make the user" }));
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
  await page.getByRole("button", { name: "Change admin" }).and(page.locator(":focus")).waitFor();
}

/** A link leads whoever is invited to a page where they choose a password, once. */
async function userInvited({ page, world, open, picture }) {
  await page.getByRole("button", { name: "New user" }).click();
  const dialog = page.getByRole("dialog");
  await labelled(dialog, "User name").fill("ivo");
  await dialog.getByRole("radio", { name: "With an invitation" }).check();
  await dialog.getByRole("button", { name: "Make the user" }).click();
  await dialog.getByText("This link is shown now and never again.").waitFor();
  const link = await dialog.locator("pre").last().textContent();
  assert.ok(link.startsWith(ui(world, "/invitation#maid_invite_")), link);
  await accessible(page);
  await picture(page, "invitation-once");
  await dialog.getByRole("button", { name: "Close" }).last().click();

  const guest = await open();
  const asked = [];
  guest.on("request", (request) => asked.push(request.url()));
  await guest.goto(link);
  await headline(guest, "Choose your password");
  assert.equal(guest.url(), ui(world, "/invitation"), "the address has it no longer");
  assert.ok(asked.every((url) => !new URL(url).pathname.includes("maid_invite_") && !new URL(url).search.includes("maid_invite_")));
  assert.equal(await guest.getByLabel("User name").inputValue(), "ivo");
  const choose = async (password, again = password) => {
    await guest.getByLabel("New password", { exact: true }).fill(password);
    await guest.getByLabel("New password, once more").fill(again);
    await guest.getByRole("button", { name: "Set password" }).click();
  };
  await choose(WORDS, "nine quiet herons");
  await told(guest, "New password, once more", "The two are not the same");
  await choose("short");
  await told(guest, "New password", /must be 12 characters or more/);
  await accessible(guest);
  await picture(guest, "invitation-weak");
  await choose(WORDS);
  await guest.getByText("Your password is set. Sign in with it.").waitFor();
  await accessible(guest);
  await picture(guest, "invitation-done");
  await signIn(guest, "ivo", WORDS);
  await headline(guest, "Load tests");

  const late = await open({ locale: "de-DE", colorScheme: "dark", viewport: { width: 360, height: 740 } });
  await late.goto(link);
  await headline(late, "Wählen Sie Ihr Passwort");
  await late.getByLabel("Neues Passwort", { exact: true }).fill(WORDS);
  await late.getByLabel("Neues Passwort, noch einmal").fill(WORDS);
  await late.getByRole("button", { name: "Passwort festlegen" }).click();
  await late.getByText("Diese Einladung gilt nicht").waitFor();
  await accessible(late);
  await picture(late, "invitation-used");
  // Loaded once more there is none; the link over it has one again.
  await late.reload();
  await late.getByText("In dieser Adresse steht keine Einladung").waitFor();
  await accessible(late);
  await late.goto(link);
  await late.getByRole("button", { name: "Passwort festlegen" }).waitFor();
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

/** While an answer is awaited, and where it is a failure, the focus stays on what was pressed; pressed again, nothing is sent twice. */
async function stays(page, button) {
  let fail;
  const failing = new Promise((resolve) => { fail = resolve; });
  let sent = 0;
  await page.route("**/api/maid/users", (route) => {
    if (route.request().method() !== "POST") return route.continue();
    sent += 1;
    return failing.then(() => route.fulfill({ status: 500, json: { title: "internal", status: 500, detail: "something went wrong inside MAID" } }));
  });
  await button.press("Enter");
  await button.and(page.locator("[aria-disabled=true]:focus")).waitFor();
  for (const key of ["Enter", "Space"]) await page.keyboard.press(key);
  await page.getByRole("dialog").getByRole("textbox").first().press("Enter");
  await button.focus();
  fail();
  await page.getByRole("alert").getByText("something went wrong inside MAID").waitFor();
  await button.and(page.locator(":focus:not([aria-disabled])")).waitFor();
  assert.equal(sent, 1);
  await page.unroute("**/api/maid/users");
}
