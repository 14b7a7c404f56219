// What is written is tried with one user, started, queued behind another run and kept as a recipe.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { ask, runs, signIn, until } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

const written = (shop) => `version: 1
name: Shop front
target: { hosts: ["${shop}"] }
load: { users: 2, run_time: 2s }
scenarios:
  - name: visitor
    weight: 9
    think_time: { min: 10ms, max: 20ms }
    transactions:
      - name: look around
        weight: 3
        requests:
          - { path: /products, check: [{ status: 200 }], extract: [{ name: id, from: json, path: "$.items[0].id" }] }
          - { name: detail, path: "/products/{{ id }}" }
  - name: lost
    think_time: { min: 10ms, max: 20ms }
    transactions:
      - name: nowhere
        requests: [{ path: /nowhere }, { path: /after }]
`;

export default async ({ world, open, picture }) => {
  const page = await open();
  const right = page.getByText("Nothing is wrong with it");
  await page.goto(ui(world, "/run"));
  await signIn(page, "edna", world.password);
  await headline(page, "New run");
  await page.getByRole("textbox", { name: "The test as code, YAML" }).focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(written(world.shop));
  await right.waitFor();
  const press = (name) => page.getByRole("button", { name, exact: true }).click();
  const newest = async () => ask(world, world.admin, `/runs/${(await runs(world))[0].run_id}`);
  const over = () => until("all runs are over", async () => (await runs(world)).every(({ status }) => !["running", "queued"].includes(status)));
  // Each request is sent once, whatever the load says, and shown with what came of it; nothing is kept.
  await press("Dry run");
  const trial = page.getByRole("dialog", { name: "Dry run" });
  await trial.getByText("3 requests").waitFor();
  await trial.getByText("1 failed, 1 not sent").waitFor();
  await trial.getByText("A failed request ends its transaction. Not sent: GET /after").waitFor();
  await trial.getByRole("heading", { name: "visitor / look around" }).waitFor();
  const step = (name) => trial.getByRole("button", { name });
  // What failed is open, with what the server said; what passed is opened by hand.
  assert.equal(await step(/GET \/nowhere.*404/).getAttribute("aria-expanded"), "true");
  await trial.getByText("status 404", { exact: true }).waitFor();
  await step(/GET \/products · 200|GET \/products.*200/).first().press("Enter");
  await trial.getByText("status 200 found 200").waitFor();
  await trial.getByText(`GET ${world.shop}/products`, { exact: true }).waitFor();
  await trial.getByText('"name": "Alpine backpack"').first().waitFor();
  await trial.getByRole("row", { name: "id $.items[0].id 1" }).waitFor();
  await accessible(page);
  await picture(page, "dry-run");
  await trial.getByRole("button", { name: "Once more" }).click();
  await trial.getByText("3 requests").waitFor();
  assert.equal((await runs(world)).length, 0);
  await page.keyboard.press("Escape");
  await trial.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Dry run", exact: true }).and(page.locator(":focus")).waitFor();
  await right.waitFor();

  // One that takes long is given up.
  await page.route("**/api/maid/dry-run", () => {});
  await press("Dry run");
  await trial.getByText("Sending, one request after another").waitFor();
  await trial.getByRole("button", { name: "Cancel" }).click();
  await trial.waitFor({ state: "detached" });
  await page.unroute("**/api/maid/dry-run");

  await page.getByLabel("Note about this run").fill("before it was mended");
  await press("Start");
  await headline(page, "Shop front");
  await page.getByText("before it was mended").waitFor();
  await over();
  const started = await newest();
  assert.deepEqual([started.config.load.users, started.config.load.run_time, started.notes], [2, "2s", "before it was mended"]);

  // The same once more, and once alone however often it is pressed.
  await page.getByRole("button", { name: "Run again", exact: true }).dblclick();
  await page.waitForURL((url) => url.pathname.includes("/results/") && !url.pathname.endsWith(started.run_id));
  await headline(page, "Shop front");
  await over();
  assert.equal((await runs(world)).length, 2);
  assert.deepEqual((await newest()).config, started.config);

  // Another run goes on: it waits for it, where somebody wants that.
  const busy = { ...started.config, name: "Busy", load: { users: 1, run_time: "30s" } };
  const first = await ask(world, world.admin, "/run", { method: "POST", body: JSON.stringify({ loadtest: busy }) });
  await page.goto(ui(world, "/run"));
  await right.waitFor();
  await press("Start");
  await page.getByText("Another run is active").waitFor();
  await accessible(page);
  await picture(page, "queue");
  await press("Queue it");
  await headline(page, "Shop front");
  const queued = (await runs(world)).filter(({ status }) => status === "queued");
  assert.deepEqual(queued.map(({ name }) => name), ["Shop front"]);

  // What runs and what waits is ended together, after it was asked for.
  await page.goto(ui(world, `/results/${first.run_id}`));
  await headline(page, "Busy");
  await press("More");
  await page.getByRole("menuitem", { name: "End at once and empty the queue" }).click();
  await page.getByRole("menu").waitFor({ state: "detached" });
  const everything = page.getByRole("dialog", { name: "End at once and empty the queue" });
  await everything.getByText("Its results until now are kept").waitFor();
  await accessible(page);
  await picture(page, "everything");
  await everything.getByRole("button", { name: "End everything" }).click();
  await page.getByText("Ended at once. Runs taken out of the queue: 1").waitFor();
  await over();
  const ends = await Promise.all([first, ...queued].map(({ run_id }) => ask(world, world.admin, `/runs/${run_id}`)));
  assert.deepEqual(ends.map(({ status, ended_because }) => [status, ended_because]), [["stopped", "killed"], ["stopped", "it was taken out of the queue"]]);

  // Taken along: as it is written, comments and all, and as a script of another tool.
  await page.goto(ui(world, "/run"));
  await right.waitFor();
  await press("More");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "Download" }).click()]);
  assert.equal(file.suggestedFilename(), "loadtest.yaml");
  assert.equal(await readFile(await file.path(), "utf8"), written(world.shop));
  await press("More");
  await page.getByRole("menuitem", { name: "Export for another tool" }).click();
  await page.getByRole("menu").waitFor({ state: "detached" });
  const along = page.getByRole("dialog", { name: "Export for another tool" });
  await along.getByRole("button", { name: "Export", exact: true }).click();
  await along.getByRole("region", { name: /\.js$/ }).getByText("k6/http").first().waitFor();
  await accessible(page);
  await picture(page, "exported");
  await page.keyboard.press("Escape");
  await along.waitFor({ state: "detached" });

  // Kept in the library.
  await page.goto(ui(world, "/run"));
  await press("More");
  await page.getByRole("menuitem", { name: "Save as recipe" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  // Whoever came from a menu goes on where it is opened, by whatever key it was.
  await page.getByRole("button", { name: "More" }).and(page.locator(":focus")).waitFor();
  await page.keyboard.press("ControlOrMeta+s");
  assert.equal(await dialog.getByLabel("Title").inputValue(), "Shop front");
  await dialog.getByLabel("Summary").fill("Somebody looks around.");
  await dialog.getByLabel("Tags").fill("no/tag");
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.locator("[aria-invalid=true]").waitFor();
  await accessible(page);
  await dialog.getByLabel("Tags").press("Backspace");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByRole("link", { name: "Open the recipe" }).click();
  await headline(page, "Shop front");
  const id = page.url().split("/").at(-1);
  const { recipe } = await ask(world, world.admin, `/recipes/${id}`);
  assert.deepEqual([recipe.summary, recipe.tags ?? [], recipe.loadtest.load.users], ["Somebody looks around.", [], 2]);

  // What it reads from the environment is asked for at its field, before anything is sent.
  await page.goto(ui(world, "/run"));
  await page.getByRole("textbox", { name: "The test as code, YAML" }).focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(written(world.shop).replace("path: /nowhere", 'path: "/nowhere?${env:TOKEN}"'));
  await page.getByRole("status").getByRole("button", { name: "TOKEN:" }).waitFor();
  for (const name of ["Dry run", "Start"]) {
    await page.getByLabel("Note about this run").focus();
    await press(name);
    await page.getByLabel("TOKEN", { exact: true }).and(page.locator(":focus[aria-invalid=true]")).waitFor();
  }
  await accessible(page);
  await picture(page, "value-missing");
  await page.getByLabel("TOKEN", { exact: true }).fill("a");
  await right.waitFor();

  // The same with a phone, in the dark, in German; the test of a recipe.
  const small = await open({ locale: "de-DE", colorScheme: "dark", viewport: { width: 360, height: 740 } });
  await small.goto(ui(world, "/run?recipe=quickstart"));
  await signIn(small, "edna", world.password);
  await headline(small, "Neuer Lauf");
  await small.getByText("Alles in Ordnung").waitFor();
  await accessible(small);
  await picture(small, "recipe-dark-german-narrow");
};
