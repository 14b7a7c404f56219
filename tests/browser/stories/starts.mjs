// An admin gets a link, signs in, looks, and starts the run; until the button is pressed nothing is started.

import assert from "node:assert/strict";

import { asksNothing, come, open, ready, runs, signIn, start, view } from "../acts.mjs";

export default async function ({ world, open: browser, picture }) {
  const page = await browser();
  await open(page, `${world.links.shop}&utm_source=mail`);
  await view(page, "sign-in");
  await signIn(page, "admin", "not the password");
  await page.getByText("You were not let in.").waitFor();
  await signIn(page, "admin", world.password);
  await view(page, "confirm");

  // What would happen is there to be read, and the address is as it was.
  assert.equal(page.url(), `${world.links.shop}&utm_source=mail`);
  assert.equal(await page.locator("h1").textContent(), "Two seconds of the shop");
  assert.equal(await page.locator("#targets li").textContent(), world.shop);
  const happens = await page.locator("#happens").innerText();
  for (const words of ["Shop front", "2 users", "GET products", "p95 < 10s", "error_rate < 1%"]) {
    assert.ok(happens.includes(words), `${words}: ${happens}`);
  }
  const meta = await page.locator(".meta").innerText();
  for (const words of ["Made by you", "Valid until", "May be used 3 more times, of 3"]) {
    assert.ok(meta.includes(words), `${words}: ${meta}`);
  }
  await page.getByText("The whole test").click();
  assert.ok((await page.locator("pre").textContent()).includes("name: Shop front"));
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByText("Copied").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await page.locator("pre").textContent());

  // Nothing starts by itself, and nothing has the button focused.
  await page.reload({ waitUntil: "networkidle" });
  await asksNothing(page, () => ready(page));
  assert.notEqual(await page.evaluate(() => document.activeElement?.id), "start");
  await asksNothing(page, () => page.keyboard.press("Enter"));
  assert.deepEqual(await runs(world), []);
  await picture(page, "confirm");

  // A page that comes to the front under the second half of a double click takes no click yet.
  await asksNothing(page, () => page.evaluate(() => {
    dispatchEvent(new Event("focus"));
    document.getElementById("start").click();
  }));
  await asksNothing(page, () => ready(page));
  assert.deepEqual(await runs(world), []);

  // All of it by the keyboard: Tab leads to the button, and Enter presses it.
  for (let steps = 0; (await page.evaluate(() => document.activeElement?.id)) !== "start"; steps += 1) {
    assert.ok(steps < 20, "Tab reaches the button");
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await view(page, "run");
  await page.locator("#running").waitFor();
  assert.match(page.url(), /#run=[0-9a-f-]{36}$/);
  await picture(page, "running");
  // A page that is loaded again goes on with the run.
  await page.reload();
  await view(page, "verdict");
  await page.locator("#verdict").getByText("Everything that was demanded held.").waitFor();
  assert.equal(await page.locator(".thresholds li").count(), 2);
  await picture(page, "verdict");

  const [run, ...others] = await runs(world);
  assert.deepEqual([run.status, run.passed, others.length], ["completed", true, 0]);
  const [report] = await Promise.all([page.waitForEvent("popup"), page.locator("#report").click()]);
  await report.waitForLoadState();
  assert.ok(report.url().endsWith(`/api/maid/runs/${run.run_id}/report.html`));
  assert.equal(await report.evaluate(() => document.referrer), "", "the link does not leave with whoever leaves");
  await page.getByRole("button", { name: "Back to the link" }).click();
  await page.getByText("May be used 2 more times, of 3").waitFor();

  // Whoever signs out leaves nothing behind.
  await page.getByRole("button", { name: "Sign out" }).click();
  await view(page, "sign-in");
  const another = await browser();
  await come(another, world.links.shop, "admin", world);
  await view(another, "confirm");
  assert.equal((await runs(world)).length, 1);
}
