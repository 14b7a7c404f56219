// More people than the server tells of at once: each is seen in the list, chosen by name, and known by name where they did something.

import assert from "node:assert/strict";

import { ask, signIn, until } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

export default async ({ world, open, picture }) => {
  const last = `visitor${String(world.count).padStart(4, "0")}`;
  const { access_token } = await (await signedIn(world, last)).json();
  await ask(world, access_token, "/keys", { method: "POST", body: JSON.stringify({ name: "of the last one", scopes: ["maid.read"] }) });

  const page = await come(open, world, "/users", "Users and keys");
  await page.getByRole("row", { name: /^visitor0001/ }).waitFor();
  const more = page.getByRole("button", { name: "More", exact: true });
  const rows = () => page.getByRole("row").count();
  for (let before = await rows(); await more.isVisible(); before = await rows()) {
    await more.click();
    await until("the next ones", async () => (await rows()) > before);
  }
  // The admin, edna, oskar and vera, and the heads of the columns.
  assert.equal(await rows(), world.count + 5);
  await page.getByRole("row", { name: new RegExp(`^${last} Viewer Active`) }).scrollIntoViewIfNeeded();
  await accessible(page);
  await picture(page, "the-last");
  // Or found by a part of the name.
  await page.getByLabel("Name of the user").fill(last.slice(-3).toUpperCase());
  await until("only they are there", async () => (await rows()) < 20);
  await page.waitForURL(/name=/);
  await page.getByRole("link", { name: `Keys of ${last}` }).click();
  await page.getByRole("row", { name: /of the last one/ }).waitFor();
  const owner = page.getByRole("combobox", { name: "Owner" });
  await until("whose they are", async () => (await owner.inputValue()) === last);

  // Only some are offered at once, and that is said; words lead to the others.
  await page.getByRole("button", { name: "Everybody", includeHidden: true }).click();
  await owner.click();
  await page.getByText(`The first 100 of ${world.count + 4}; type a part of the name`).waitFor();
  assert.equal(await page.getByRole("option").count(), 100);
  await picture(page, "owners");
  await owner.fill("no such visitor");
  await page.getByText("Nobody of this name").waitFor();
  await owner.fill(last.slice(-3));
  await page.getByRole("option", { name: last }).click();
  await page.getByRole("row", { name: /of the last one/ }).waitFor();
  assert.match(page.url(), /owner=/);

  const log = await come(open, world, "/audit", "Audit log");
  const made = log.getByRole("row", { name: new RegExp(`${last} API key made Done`) });
  await made.waitFor();
  await log.getByRole("combobox", { name: "Who" }).fill(last);
  await log.getByRole("option", { name: last }).click();
  await log.waitForURL(/actor=/);
  await log.getByRole("row", { name: /admin/ }).first().waitFor({ state: "detached" });
  await made.waitFor();
  await log.reload();
  await until("still chosen, by name", async () => (await log.getByRole("combobox", { name: "Who" }).inputValue()) === last);
  await accessible(log);
  await picture(log, "who");

  const small = await come(open, world, "/users?tab=keys", "Benutzer und Schlüssel", { locale: "de-DE", colorScheme: "dark", viewport: { width: 360, height: 740 } });
  await small.getByRole("row", { name: /of the last one/ }).waitFor();
  await accessible(small);
  await small.getByRole("combobox", { name: "Besitzer" }).click();
  await small.getByText(`Die ersten 100 von ${world.count + 4}`).waitFor();
  await picture(small, "owners-dark-german-narrow");
};

const signedIn = ({ url, password }, username) =>
  fetch(`${url}/api/maid/auth/login`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ username, password }) });

async function come(open, world, path, title, options) {
  const page = await open({ reducedMotion: "reduce", ...options });
  await page.goto(ui(world, path));
  await signIn(page, "admin", world.password);
  await headline(page, title);
  return page;
}
