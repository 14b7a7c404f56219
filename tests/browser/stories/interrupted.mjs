// A session that ends, an answer that is lost, a server that is away for a moment: people go on where they were.

import assert from "node:assert/strict";

import { come, runs, signIn, start, view } from "../acts.mjs";

export default async function ({ world, open, picture }) {
  const page = await open();
  await come(page, world.links.variable, "oskar", world);
  await page.getByLabel("SHOP_TOKEN").first().fill("hunter2");
  await page.context().clearCookies();
  await start(page).click();
  await view(page, "sign-in");
  await page.getByRole("heading", { name: "Sign in to go on" }).waitFor();
  await signIn(page, "oskar", world.password);
  await view(page, "confirm");
  assert.equal(await page.getByLabel("SHOP_TOKEN").first().inputValue(), "hunter2");
  assert.deepEqual(await runs(world), [], "signing in starts nothing");

  // The server has started the run, and its answer does not arrive.
  await page.route("**/api/maid/run", async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await start(page).click();
  await page.getByText("it is started once, even if the first attempt arrived").waitFor();
  assert.equal((await runs(world)).length, 1);
  await picture(page, "unsure");
  await start(page).click();
  await view(page, "run");

  await page.route("**/api/maid/status", (route) => route.abort());
  await page.getByText("The server does not answer. Trying again").waitFor();
  await picture(page, "away");
  await page.unroute("**/api/maid/status");
  await view(page, "verdict");
  const all = await runs(world);
  assert.deepEqual(all.map(({ status }) => status), ["completed"]);
  assert.ok(page.url().endsWith(`#run=${all[0].run_id}`));

  // Whoever signs out takes what was filled in with them.
  await page.getByRole("button", { name: "Back to the link" }).click();
  await view(page, "confirm");
  assert.equal(await page.getByLabel("SHOP_TOKEN").first().inputValue(), "hunter2");
  await page.route("**/api/maid/auth/logout", async (route) => {
    // The answer is late: whatever the view has put off is done by then.
    await page.evaluate(() => new Promise((later) => setTimeout(later, 600)));
    await route.continue();
  });
  await page.getByRole("button", { name: "Sign out" }).click();
  await view(page, "sign-in");
  await signIn(page, "vera", world.password);
  await view(page, "confirm");
  assert.equal(await page.getByLabel("SHOP_TOKEN").first().inputValue(), "");
}
