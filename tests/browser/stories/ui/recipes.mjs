// The library of recipes: found by words, kind and tag; run with values of one's own, wrong ones first; its results side by side; taken along
// for other tools; and tests that others' tools know brought in. What is changed in it is another story.

import assert from "node:assert/strict";

import { ask, signIn, until } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

const script = `import http from "k6/http";
import { sleep } from "k6";
export function setup() { return 1; }
export default function () { http.get("SHOP/products"); sleep(1); }
`;

const titles = (page) => page.getByRole("main").getByRole("heading", { level: 2 }).allTextContents();

export default async ({ world, open, picture }) => {
  const page = await open();
  await page.goto(ui(world, "/recipes?category=nonsense&from=nobody&tag=No%20tag"));
  await signIn(page, "oskar", world.password);
  await headline(page, "Recipes");
  await page.getByRole("link", { name: "Search", exact: true }).waitFor();
  await accessible(page);
  await picture(page, "library");

  await page.getByLabel("Search the library").pressSequentially("checkout shop", { delay: 40 });
  const found = (await ask(world, world.admin, "/recipes/search?q=checkout%20shop&limit=36")).items.map(({ title }) => title);
  await until("what the server finds is seen", async () => JSON.stringify(await titles(page)) === JSON.stringify(found));
  assert.equal(await page.getByLabel("Search the library").inputValue(), "checkout shop", "no letter is lost on the way");
  assert.match(page.url(), /q=checkout(\+|%20)shop/);
  await page.getByLabel("Search the library").fill("nothing is like this");
  await page.getByText("No recipe matches that.").waitFor();
  await page.getByRole("link", { name: "Show all recipes" }).click();
  await page.getByRole("link", { name: "Smoke test" }).waitFor();
  assert.equal(await page.getByLabel("Search the library").inputValue(), "");
  await page.getByRole("combobox", { name: "Category" }).click();
  await page.getByRole("option", { name: "Business process" }).click();
  await page.getByRole("link", { name: "Smoke test" }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Only recipes with the tag shop" }).first().click();
  await page.waitForURL(/category=business.*tag=shop/);
  const shop = (await ask(world, world.admin, "/recipes?category=business&tag=shop")).items.map(({ title }) => title);
  await until("the tag narrows it down", async () => JSON.stringify(await titles(page)) === JSON.stringify(shop));
  await accessible(page);
  await page.goto(ui(world, "/recipes?from=own"));
  await page.getByRole("link", { name: "A search", exact: true }).first().waitFor();
  await page.getByRole("link", { name: "Smoke test" }).waitFor({ state: "detached" });

  // Values that are missing or out of bounds are told at their fields, by the server.
  await page.goto(ui(world, `/recipes/${world.recipe}?tab=nonsense`));
  await headline(page, "A search");
  const run = page.getByRole("button", { name: "Run", exact: true });
  const field = (name) => page.getByRole("textbox", { name, exact: true });
  const told = (name) => page.locator(".mantine-InputWrapper-root", { has: field(name) }).locator(".mantine-InputWrapper-error");
  await field("users").fill("500");
  await field("run_time").fill("5h");
  await run.click();
  await told("host").getByText("is missing").waitFor();
  await told("users").getByText("must be 50 or less").waitFor();
  await told("run_time").getByText("must be 1m or less").waitFor();
  await told("pass").getByText("is missing").waitFor();
  assert.ok(await field("host").evaluate((field) => field === document.activeElement), "led to the first one");
  await accessible(page);
  await picture(page, "wrong-values");

  await field("host").fill(world.shop);
  await field("users").fill("2");
  await field("run_time").fill("1s");
  await page.getByRole("combobox", { name: "word" }).click();
  await page.getByRole("option", { name: "tent" }).click();
  await page.getByRole("switch", { name: "warm" }).uncheck();
  await field("pass").fill("sesame-4711");
  await page.reload();
  assert.equal(await field("host").inputValue(), world.shop, "what was typed stays");
  assert.equal(await field("pass").inputValue(), "", "but for a secret");
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.ok(!kept.includes("sesame-4711"));
  // It is tried before it is run: what is wrong is told with its place here as well, and no secret is shown.
  await page.getByRole("button", { name: "Dry run" }).click();
  const trial = page.getByRole("dialog", { name: "Dry run" });
  await trial.getByText("parameters.pass").waitFor();
  await page.keyboard.press("Escape");
  await field("pass").fill("sesame-4711");
  await page.getByRole("button", { name: "Dry run" }).click();
  await trial.getByText("Passed", { exact: true }).waitFor();
  for (const step of await trial.getByRole("button", { expanded: false }).all()) await step.click();
  assert.ok(!(await trial.innerText()).includes("sesame-4711"));
  await accessible(page);
  await picture(page, "dry-run");
  await page.keyboard.press("Escape");
  await trial.waitFor({ state: "detached" });
  for (const first of [true, false]) {
    await field("pass").fill("sesame-4711");
    await run.click();
    await page.waitForURL(/\/results\/[^/]+$/);
    await headline(page, "A search");
    const id = page.url().split("/").at(-1);
    const over = await until("it is over", async () => {
      const started = await ask(world, world.admin, `/runs/${id}`);
      return started.status === "completed" && started;
    });
    assert.equal(over.failures, 0);
    const text = JSON.stringify(over);
    assert.ok(text.includes("tent") && text.includes('"users":2') && !text.includes("sesame-4711"), text);
    if (!first) {
      // Beside the one before it, in two presses.
      await page.getByRole("button", { name: "Compare" }).click();
      await page.getByRole("menuitem", { name: "With another run" }).waitFor();
      await picture(page, "compare-with");
      await page.getByRole("menuitem", { name: "With the run before" }).click();
      await headline(page, "Comparison");
      assert.match(page.url(), new RegExp(`b=${id}`));
    }
    await page.goto(ui(world, `/recipes/${world.recipe}`));
    await page.getByText(first ? "Runs: 1, passed" : "Runs: 2, passed").waitFor();
  }
  await page.getByRole("tab", { name: "Results" }).click();
  await page.getByText("The newest run beside the one before it").waitFor();
  await page.locator("figure canvas").waitFor();
  assert.equal(await page.getByRole("table").last().getByRole("row").count(), 3);
  await accessible(page);
  await picture(page, "results");

  // Taken along, in each form; the secret is in none of them.
  await page.getByRole("tab", { name: "Export" }).click();
  const forms = ["k6 (JavaScript)", "Locust (Python)", "Goose (Rust)", "curl (bash)", "Postman", "LoadTest (YAML)", "LoadTest (JSON)"];
  for (const form of forms) {
    await page.getByRole("combobox", { name: "Form" }).click();
    await page.getByRole("option", { name: form }).click();
    await page.getByRole("button", { name: "Export", exact: true }).click();
    await page.getByRole("region").getByText(world.shop).first().waitFor();
  }
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download" }).click()]);
  assert.match(file.suggestedFilename(), /\.json$/);
  await accessible(page);
  await picture(page, "export");

  // Brought in: first a text that is broken, told at its place; then a script, with what could not be taken.
  await page.goto(ui(world, "/recipes"));
  await page.getByRole("button", { name: "Import" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Text to import").fill("make it fast");
  await dialog.getByText("The format is not recognised").waitFor();
  await dialog.getByLabel("Text to import").fill('{"openapi": "3.0.0",\n  "paths": ');
  await dialog.getByRole("button", { name: "Make a test of it" }).click();
  await dialog.getByText(/2:\d+ is not valid JSON/).waitFor();
  await accessible(page);
  await picture(page, "broken-import");
  await dialog.getByLabel("Text to import").fill(script.replace("SHOP", world.shop));
  await dialog.getByText("Recognised: k6 script").waitFor();
  await dialog.getByRole("button", { name: "Make a test of it" }).click();
  await dialog.getByText("Found: 1; requests in the test: 1").waitFor();
  await dialog.getByRole("region", { name: /^Left out/ }).getByText("setup").first().waitFor();
  await accessible(page);
  await picture(page, "imported");
  await dialog.getByRole("button", { name: "Open in the editor" }).click();
  await headline(page, "New run");

  // A recipe's file becomes a recipe, as it is written; whoever may write none is not offered it.
  const built = await ask(world, world.admin, "/recipes/banking-transfer");
  await page.goto(ui(world, "/recipes"));
  await page.getByRole("button", { name: "Import" }).click();
  await dialog.getByLabel("Text to import").fill(built.text);
  assert.ok(await dialog.getByRole("button", { name: "Add it to the library" }).isDisabled());
  const writer = await open();
  await writer.goto(ui(world, "/recipes/banking-transfer?tab=test"));
  await signIn(writer, "edna", world.password);
  const [taken] = await Promise.all([writer.waitForEvent("download"), writer.getByRole("button", { name: "Download" }).click()]);
  assert.match(taken.suggestedFilename(), /^[a-z-]+\.yaml$/);
  const written = { name: "mine.yaml", mimeType: "application/yaml", buffer: Buffer.from(built.text.replace(/^title: .*$/m, "title: Mine")) };
  await writer.goto(ui(world, "/recipes"));
  await writer.getByRole("button", { name: "Import" }).click();
  const bring = async (file) => {
    const [chooser] = await Promise.all([writer.waitForEvent("filechooser"), writer.getByRole("button", { name: "Choose a file" }).click()]);
    await chooser.setFiles(file);
  };
  const broken = written.buffer.toString().replace("version: 1", "version: 9").replace(/^category: .*$/m, "category: bank");
  await bring({ ...written, buffer: Buffer.from(broken) });
  await writer.getByText("Recognised: Recipe of MAID").waitFor();
  await writer.getByRole("button", { name: "Add it to the library" }).click();
  const lineOf = (text) => broken.slice(0, broken.indexOf(text)).split("\n").length;
  await writer.getByRole("dialog").getByText(`Line ${lineOf("category: bank")}: category`).waitFor();
  await accessible(writer);
  await picture(writer, "wrong-recipe");
  await bring(written);
  await writer.getByRole("button", { name: "Add it to the library" }).click();
  await headline(writer, "Mine");
  const mine = await ask(world, world.admin, `/recipes/${writer.url().split("/").at(-1)}`);
  assert.equal(mine.text, written.buffer.toString());
  // Its test is opened in the editor, with what is written beside its values.
  await writer.goto(ui(world, `/run?recipe=${mine.id}`));
  await writer.getByText("Nothing is wrong with it").waitFor();
  assert.match(await writer.evaluate(() => JSON.stringify({ ...localStorage })), /# Down to account 1/);
};
