// A viewer sees everything and cannot start it, and is told why.

import assert from "node:assert/strict";

import { asksNothing, come, runs, start, view } from "../acts.mjs";

export default async function ({ world, open, picture }) {
  const page = await open();
  await come(page, world.links.shop, "vera", world);
  await view(page, "confirm");
  assert.equal(await page.locator("#targets li").textContent(), world.shop);
  assert.ok(await start(page).isDisabled());
  const reason = await page.locator("#reason").textContent();
  assert.match(reason, /signed in as vera, who may look at this but not start runs/);
  assert.equal(await start(page).getAttribute("aria-describedby"), "reason");
  await asksNothing(page, () => start(page).click({ force: true }));
  await picture(page, "viewer");

  await page.goto(world.links.recipe);
  await view(page, "confirm");
  assert.ok(await page.getByLabel("Word").isDisabled(), "there is nothing to fill in for whoever cannot start it");
  assert.deepEqual(await runs(world), []);
}
