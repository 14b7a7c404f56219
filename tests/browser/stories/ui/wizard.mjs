// Somebody who knows nothing but the address of their service has a test of it running after three questions: four clicks and one field. What
// cannot be tested is told where the address is written, before anything is asked besides. The answers survive a reload, and own numbers
// and own paths are what then runs.

import assert from "node:assert/strict";

import { ask, runs, signIn, until } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

export default async ({ world, open, picture }) => {
  const page = await open();
  const did = { clicks: 0, fields: 0 };
  const press = async (role, name) => {
    did.clicks += 1;
    await page.getByRole(role, { name, exact: true }).click();
  };
  const write = async (label, text) => {
    did.fields += 1;
    await page.getByLabel(label, { exact: true }).fill(text);
  };
  await page.goto(ui(world, "/"));
  await signIn(page, "oskar", world.password);
  await headline(page, "Load tests");

  // The straight way.
  await press("link", "Test my service");
  await headline(page, "Test my service");
  await accessible(page);
  await picture(page, "where");
  await write("Address", `${world.shop}/products`);
  await press("button", "Next");
  await page.getByRole("heading", { name: "What shall be asked for?" }).waitFor();
  assert.equal(await page.getByLabel("Paths, one a line").inputValue(), "/products", "the path of the address is the first");
  await accessible(page);
  await press("button", "Next");
  await page.getByText(`5 users visit ${world.shop} for 15 s`).and(page.getByText(`GET ${world.shop}/products.`)).waitFor();
  await accessible(page);
  await picture(page, "how-much");
  await press("button", "Start the test");
  const name = `Test of ${new URL(world.shop).host}`;
  await headline(page, name);
  await page.getByText("Running", { exact: true }).first().waitFor();
  assert.deepEqual(did, { clicks: 4, fields: 1 }, "three questions take no more");
  const [first] = await runs(world);
  const { config } = await ask(world, world.admin, `/runs/${first.run_id}`);
  assert.deepEqual([config.target.hosts, config.load.users, config.load.run_time], [[world.shop], 5, "15s"]);
  assert.equal(config.scenarios[0].transactions[0].requests[0].path, "/products");
  await ask(world, world.admin, "/stop", { method: "POST", body: "{}" });
  await until("the run is over", async () => (await runs(world)).every(({ status }) => status !== "running"));

  // Recipes that were run against the address are offered beside the way, which stays as it is.
  const of = { recipe_id: "quickstart", parameters: { host: world.shop, run_time: "1s" } };
  const { run_id: recipes } = await ask(world, world.admin, "/run", { method: "POST", body: JSON.stringify(of) });
  await until("it is over and searched", async () => {
    const { items } = await ask(world, world.admin, `/search/recommend?host=${encodeURIComponent(world.shop)}`);
    return items[0]?.recipe_id === "quickstart";
  });
  await until("the run is over", async () => (await ask(world, world.admin, `/runs/${recipes}`)).status === "completed");
  await page.goto(ui(world, "/run?ask=1"));
  await page.getByLabel("Address", { exact: true }).fill(world.shop);
  await page.getByRole("region", { name: "Recipes for this address" }).getByRole("link").first().waitFor();
  await accessible(page);
  await picture(page, "recommended");
  await page.getByLabel("Address", { exact: true }).fill("");

  // What cannot be tested, where it is written.
  await page.goto(ui(world, "/run?ask=3"));
  const address = page.getByLabel("Address");
  await address.waitFor();
  const wrong = [
    ["", "This is no address of a service"],
    ["two words", "This is no address of a service"],
    ["ftp://127.0.0.1", "This is no address of a service"],
    ["http://10.0.0.1", "10.0.0.1 is not an allowed target"],
    ["http://shop.invalid", "does not resolve"],
    ["http://127.0.0.1:9", "nothing listens there"],
  ];
  for (const [text, told] of wrong) {
    await address.fill(text);
    await page.keyboard.press("Enter");
    const field = page.locator("[aria-invalid=true]:focus");
    await field.waitFor();
    await until(`${text} is told`, async () => (await described(field)).includes(told));
  }
  await accessible(page);
  await picture(page, "nothing-answers");
  assert.equal((await runs(world))[0].run_id, recipes, "nothing was started");
  // Whoever knows better goes on.
  await page.keyboard.press("Enter");
  const paths = page.getByLabel("Paths, one a line");
  await paths.waitFor();

  // Own paths and own numbers; a reload takes nothing away.
  await page.getByRole("button", { name: "Back" }).click();
  await address.fill(world.shop);
  await page.keyboard.press("Enter");
  await paths.fill("products\n/a path\nPOST /cart\nftp://files");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("Not a request: “/a path”, “ftp://files”").waitFor();
  await paths.fill("products\nPOST /cart");
  await page.reload();
  assert.equal(await paths.inputValue(), "products\nPOST /cart");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("radio", { name: "Own numbers" }).check();
  await page.getByLabel("Users", { exact: true }).fill("none");
  await page.getByLabel("Run time").fill("30");
  await page.getByLabel("95 of 100 answers come within").fill("fast");
  await page.getByRole("button", { name: "Start the test" }).click();
  await until("three fields are told to be wrong", async () => (await page.locator("input[aria-invalid=true]").count()) === 3);
  await accessible(page);
  await picture(page, "own-numbers-wrong");
  await page.getByLabel("Users", { exact: true }).fill("1");
  await page.getByLabel("Run time").fill("1s");
  await page.getByLabel("95 of 100 answers come within").fill("2s");
  await page.getByText(`One user visits ${world.shop} for 1 s`).waitFor();

  // The editor takes over what was answered.
  await page.getByRole("button", { name: "Open it in the editor" }).click();
  await headline(page, "New run");
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), name);
  await page.getByText("Nothing is wrong with it").waitFor();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await headline(page, name);
  const own = (await runs(world)).find(({ run_id }) => run_id !== first.run_id && run_id !== recipes);
  const made = (await ask(world, world.admin, `/runs/${own.run_id}`)).config;
  assert.deepEqual([made.load.users, made.load.run_time, made.thresholds[0]], [1, "1s", "p95 < 2s"]);
  const sent = made.scenarios[0].transactions.map(({ requests: [{ method, path }] }) => `${method} ${path}`);
  assert.deepEqual(sent, ["GET /products", "POST /cart"]);

  // Whoever may only look is told so.
  const viewer = await open();
  await viewer.goto(ui(world, "/run?ask=1"));
  await signIn(viewer, "vera", world.password);
  await viewer.getByText("You may look at runs, and not start any").waitFor();
  assert.equal(await viewer.getByRole("textbox").count(), 0);

  // The same with a phone, in the dark, in German.
  const small = await open({ locale: "de-DE", colorScheme: "dark", viewport: { width: 360, height: 740 } });
  await small.goto(ui(world, "/run?ask=1"));
  await signIn(small, "oskar", world.password);
  await small.getByLabel("Adresse").fill(world.shop);
  await small.getByRole("button", { name: "Weiter" }).click();
  await small.getByRole("button", { name: "Weiter" }).click();
  await small.getByText("5 Benutzer besuchen").waitFor();
  await accessible(small);
  await picture(small, "how-much-dark-german-narrow");
};

/** What is said of a field to whoever does not see it. */
const described = (field) =>
  field.evaluate((node) => (node.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" "));
