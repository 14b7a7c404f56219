// What a recipe leaves open is filled in by whoever runs it: a secret too, which is in no address.

import assert from "node:assert/strict";

import { ask, asksNothing, come, ready, runs, start, view } from "../acts.mjs";

const SECRET = "hunter2 & more";

export default async function ({ world, open, picture }) {
  const page = await open();
  const asked = [];
  page.on("request", (request) => asked.push(request));
  await come(page, world.links.recipe, "oskar", world);
  await view(page, "confirm");

  // What the link gives is shown and fixed; what it does not give has an input of its kind.
  const fixed = await page.locator("#values dl").innerText();
  assert.match(fixed, /Users\s+2/);
  assert.equal(await page.getByLabel("Users", { exact: true }).count(), 0);
  for (const [label, type] of [["Host", "text"], ["Run time", "text"], ["Rate", "number"], ["Word", "select-one"], ["Warm", "checkbox"], ["Pass", "password"]]) {
    const input = page.getByRole("group").getByLabel(label, { exact: false }).first();
    assert.equal(await input.evaluate((node) => node.type), type, label);
  }
  const rate = page.getByLabel("Rate");
  assert.deepEqual([await rate.getAttribute("min"), await rate.getAttribute("max"), await rate.inputValue()], ["1", "100", "50"]);
  // The secret is not something that the browser keeps for this site.
  assert.equal(await page.locator('[id="parameters.pass"]').getAttribute("autocomplete"), "new-password");

  // Where load would go is not guessed, and the button says what is missing.
  await page.getByText("depends on what you fill in below").waitFor();
  await page.getByText("Still to be filled in: Host, Word, Pass.").waitFor();
  assert.ok(await start(page).isDisabled());
  await picture(page, "empty");

  // Enter in an input starts nothing, neither before all is there nor after.
  await page.getByLabel("Host").fill(world.shop);
  await page.keyboard.press("Enter");
  await page.locator("#targets li", { hasText: world.shop }).waitFor();
  await page.getByLabel("Run time").fill("soon");
  await page.keyboard.press("Tab");
  await page.getByText("Write a duration such as").waitFor();
  await page.getByText("To be put right: Run time.").waitFor();
  await page.getByLabel("Run time").fill("1s");
  await rate.fill("500");
  await page.keyboard.press("Tab");
  await page.getByText("Must be 100 or less.").waitFor();
  await rate.fill("20");
  await page.getByLabel("Word").selectOption("lamp");
  await page.getByLabel("Warm").uncheck();
  await page.getByText("What you fill in takes their place: Host, Run time, Rate, Warm.").waitFor();
  await page.getByLabel("Pass").first().fill(SECRET);
  await page.getByRole("button", { name: "Show Pass" }).click();
  assert.equal(await page.getByLabel("Pass").first().getAttribute("type"), "text");
  await page.getByRole("button", { name: "Show Pass" }).click();
  await ready(page);
  await asksNothing(page, () => page.getByLabel("Pass").first().press("Enter"));
  await asksNothing(page, () => page.getByLabel("Host").press("Enter"));
  assert.deepEqual(await runs(world), []);
  await picture(page, "filled-in");

  await start(page).click();
  await view(page, "verdict");
  const [run] = await runs(world);
  assert.deepEqual([run.status, run.recipe_id, run.failures], ["completed", world.recipe, 0]);
  const stored = await ask(world, world.admin, `/runs/${run.run_id}`);
  assert.equal(stored.config.load.users, 2);
  assert.equal(stored.config.load.run_time, "1s");
  for (const kept of [JSON.stringify(stored), await page.content(), page.url()]) assert.ok(!kept.includes("hunter2"));

  // A variable that the test reads is asked for in the same way.
  await page.goto(world.links.variable);
  await page.getByText("Still to be filled in: SHOP_TOKEN.").waitFor();
  // A form with a single input is the one that browsers send when Enter is pressed.
  await page.getByLabel("SHOP_TOKEN").first().fill(SECRET);
  await ready(page);
  await asksNothing(page, () => page.getByLabel("SHOP_TOKEN").first().press("Enter"));
  assert.equal((await runs(world)).length, 1);
  await view(page, "confirm");
  await picture(page, "variable");
  await start(page).click();
  await view(page, "verdict");
  assert.equal((await runs(world)).length, 2);

  // They went over the wire once, in a body.
  const bodies = asked.filter((request) => request.postData()?.includes("hunter2"));
  assert.deepEqual(bodies.map((request) => new URL(request.url()).pathname), ["/api/maid/run", "/api/maid/run"]);
  for (const request of asked) assert.ok(!decodeURIComponent(request.url()).includes("hunter2"), request.url());
  const storage = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.equal(storage, "[{},{}]");
}
