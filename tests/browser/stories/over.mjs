// A link that cannot be used says why, and what to do.

import assert from "node:assert/strict";

import { ask, come, runs, view } from "../acts.mjs";

export default async function ({ world, open, picture }) {
  const page = await open();
  await come(page, world.links.expired, "oskar", world);
  const over = "This link can no longer be used";
  const tampered = new URL(world.links.whole);
  const config = tampered.searchParams.get("config");
  tampered.searchParams.set("config", config.slice(0, 20) + (config[20] === "A" ? "B" : "A") + config.slice(21));
  const later = new URL(world.links.whole);
  later.searchParams.set("expires", Number(later.searchParams.get("expires")) + 1);
  for (const [name, link, heading, words] of [
    ["expired", world.links.expired, over, /expired/],
    ["revoked", world.links.revoked, over, /revoked/],
    ["used-up", world.links.used, over, /as many runs/],
    ["tampered", tampered.href, "This link is not as it was made", /Copy the whole address again/],
    ["prolonged", later.href, "This link is not as it was made", /Copy the whole address again/],
    ["cut-off", world.links.whole.slice(0, -10), "This link is not as it was made", /Copy the whole address again/],
    ["unknown", world.links.shop.replace(/link=.*/, "link=AAAAAAAAAAAA"), "There is no such link here", /Look at the address/],
    ["nothing", `${world.url}/maid/run?utm_source=mail`, "There is no link in this address", /copy all of it/],
  ]) {
    await page.goto(link);
    await view(page, "refused");
    assert.equal(await page.locator("h1").textContent(), heading, name);
    assert.match(await page.locator("#refused").innerText(), words, name);
    assert.equal(await page.locator("#start").count(), 0, name);
    await picture(page, name);
  }

  // One that ends while it is looked at says so when the button is pressed.
  await page.goto(world.links.ends);
  await view(page, "confirm");
  await ask(world, world.admin, `/deeplinks/${world.ends}`, { method: "DELETE" });
  await page.locator("#start").click();
  await view(page, "refused");
  assert.equal(await page.locator("h1").textContent(), over);
  assert.equal((await runs(world)).length, world.before);
}
