// Whoever reads German is spoken to in German.

import assert from "node:assert/strict";

import { come, open as visit, start, view } from "../acts.mjs";

export default async function ({ world, open, picture }) {
  const page = await open({ locale: "de-AT" });
  await come(page, world.links.shop, "oskar", world);
  await view(page, "confirm");
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  await page.getByRole("heading", { name: "Last wird gesendet an" }).waitFor();
  await page.getByText("Noch 3 von 3 Mal verwendbar").waitFor();
  await picture(page, "confirm");
  await start(page).and(page.getByText("Diesen Lauf starten")).click();
  await view(page, "verdict");
  await page.locator("#verdict").getByText("Alles Geforderte wurde eingehalten.").waitFor();
  await picture(page, "verdict");
  await visit(page, `${world.url}/maid/run`);
  assert.equal(await page.title(), "In dieser Adresse ist kein Link · MAID");

  // Whoever reads neither is spoken to in English.
  const other = await open({ locale: "fi-FI" });
  await visit(other, world.links.shop);
  await other.getByRole("heading", { name: "Sign in to see this link" }).waitFor();
  assert.equal(await other.locator("html").getAttribute("lang"), "en");
}
