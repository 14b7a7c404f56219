// Whoever signs in with a provider comes back to the link, however long it is; and nothing starts on the way.

import assert from "node:assert/strict";

import { asksNothing, open, ready, runs, view } from "../acts.mjs";

export default async function ({ world, open: browser, picture }) {
  for (const [name, link] of Object.entries(world.links)) {
    const page = await browser();
    await open(page, link);
    await view(page, "sign-in");
    await picture(page, `${name}-sign-in`);
    await page.getByRole("link", { name: "Sign in with Company account" }).click();
    await page.waitForURL((url) => url.origin === world.issuer);
    await page.locator("input[name=login]").fill("ada");
    await page.locator("input[name=password]").fill("any");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Continue" }).click();
    await view(page, "confirm");
    assert.equal(page.url(), link, name);
    assert.match(await page.locator("#who").innerText(), /Signed in as AdaLovelace/);
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    await asksNothing(page, () => ready(page));
    assert.deepEqual(await runs(world), []);
  }
  assert.ok(world.links.long.length > 1200, `${world.links.long.length}`);
}
