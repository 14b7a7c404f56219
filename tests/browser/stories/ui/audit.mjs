// What people did is read: found by who, what, how it ended and when, looked at, checked for being what was written, and taken along.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { ask, signIn, until } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

export default async ({ world, open, picture }) => {
  await done(world);
  // What the address says that cannot be is left out.
  const page = await come(open, world, "/audit?action=nonsense&since=yesterday");
  await page.getByRole("row", { name: /admin API key revoked Done/ }).waitFor();
  await accessible(page);
  await picture(page, "audit");
  await choose(page, "What", "Sign-in failed");
  await page.waitForURL(/action=login\.failed/);
  await page.getByRole("row", { name: /Run started|API key/ }).first().waitFor({ state: "detached" });
  await choose(page, "Outcome", "Denied");
  await page.getByRole("button", { name: /^Details of entry/ }).first().click();
  await page.getByText("Time (UTC)").waitFor();
  await accessible(page);
  await picture(page, "audit-entry");
  await page.reload();
  await page.getByText("Time (UTC)").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await choose(page, "Who", "vera");
  await page.getByRole("row", { name: /vera.*Password changed/ }).first().waitFor();
  await page.getByLabel("Until").fill("2020-01-01T00:00");
  await page.waitForURL(/until=2020/);
  await page.getByText("No entry fits.").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).last().click();
  await page.getByRole("row", { name: /Signed in/ }).first().waitFor();
  await page.getByLabel("About").fill("nobody");
  await page.getByText("No entry fits.").waitFor();
  await page.getByLabel("About").fill("");
  await page.getByRole("button", { name: "Verify" }).click();
  await page.getByText("The log is sound").waitFor();
  await accessible(page);
  await picture(page, "verified");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export the whole log" }).click()]);
  const lines = (await readFile(await download.path(), "utf8")).trim().split("\n");
  assert.equal(JSON.parse(lines.at(-1)).end, true);

  // More than a page.
  for (let i = 0; i < 60; i++) await signedIn(world, "nobody", "not a password");
  await page.reload();
  await page.getByRole("button", { name: "More" }).click();
  await until("the next page is there", async () => (await page.getByRole("row").count()) > 60);

  const small = await come(open, world, "/audit", { locale: "de-DE", colorScheme: "dark", viewport: { width: 360, height: 740 } });
  await small.getByRole("row", { name: /Anmeldung fehlgeschlagen/ }).first().waitFor();
  assert.ok(await small.getByRole("table").evaluate((table) => table.getBoundingClientRect().right <= innerWidth), "nor has the table to be moved sideways");
  await accessible(small);
  await picture(small, "audit-dark-german-narrow");
};

/** A key is made and revoked, a password changed, and somebody is not let in. */
async function done(world) {
  const { id } = await ask(world, world.admin, "/keys", { method: "POST", body: JSON.stringify({ name: "nightly", scopes: ["maid.read"] }) });
  await ask(world, world.admin, `/keys/${id}`, { method: "DELETE" });
  const { access_token: vera } = await (await signedIn(world, "vera", world.password)).json();
  await ask(world, vera, "/auth/password", { method: "POST", body: JSON.stringify({ current: world.password, new: "nine quiet herons wade" }) });
  assert.equal((await signedIn(world, "vera", world.password)).status, 401);
}

const signedIn = ({ url }, username, password) =>
  fetch(`${url}/api/maid/auth/login`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ username, password }) });

async function choose(page, label, option) {
  await page.getByRole("combobox", { name: label, exact: true }).or(page.getByLabel(label, { exact: true })).first().click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

async function come(open, world, path, options) {
  const page = await open({ reducedMotion: "reduce", ...options });
  await page.goto(ui(world, path));
  await signIn(page, "admin", world.password);
  await headline(page, /^Audit/);
  return page;
}
