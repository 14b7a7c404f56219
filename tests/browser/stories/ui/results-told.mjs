// What is told of a run beside its figures: its note, its recipe, what went wrong, and all of it on paper. A part of the story `results`.

import assert from "node:assert/strict";

import { ask, signIn, until } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

/** What fails at times says so with markup, which is shown as it is written. */
const recipe = ({ shop }) => ({
  title: "Told of",
  summary: "Something fails at times.",
  category: "web",
  parameters: [],
  loadtest: {
    version: 1,
    name: "Told of",
    target: { hosts: [shop] },
    load: { users: 2, run_time: "5m" },
    scenarios: [{ name: "looks", transactions: [{ name: "looks", requests: [
      { name: "fails at times", path: "/fail", query: { rate: "0.25" } },
      { name: "GET products", path: "/products", check: [{ json: "$.items[0].id", op: "==", value: "no such product" }] },
    ] }] }],
  },
});

const notes = "After the <b>third</b> update.\nMore to tell:\n" + "a word and another one, ".repeat(40);

export async function told({ world, open, picture, page }) {
  const { id: made } = await ask(world, world.admin, "/recipes", { method: "POST", body: JSON.stringify(recipe(world)) });
  const { run_id: id } = await ask(world, world.admin, "/run", { method: "POST", body: JSON.stringify({ recipe_id: made, notes }) });
  await page.goto(ui(world, `/results/${id}?tab=errors`));
  await headline(page, "Told of");

  // While it goes on, what went wrong is counted, and some figures are of the last second.
  for (const text of ["status 500", "check failed"]) await page.getByRole("row").filter({ hasText: text }).waitFor();
  await page.getByText("last second").first().waitFor();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByText("whole run").first().waitFor();
  await page.getByText("Stopped", { exact: true }).first().waitFor();
  await page.getByText("Stopped by admin").waitFor();

  // The note, as it was written, and when it began: with its date.
  await page.getByText("After the <b>third</b> update.").waitFor();
  await page.getByRole("button", { name: "Show the whole note" }).click();
  await page.getByRole("button", { name: "Show less of the note" }).waitFor();
  await page.getByText(new RegExp(`^Began .*${new Date().getFullYear()}`)).waitFor();
  assert.ok((await page.getByRole("link", { name: /^Recipe “/ }).getAttribute("href")).endsWith(`/recipes/${made}`));

  // What went wrong: in which request, how much of all of it, and the first one.
  const row = page.getByRole("row").filter({ hasText: "fails at times" });
  assert.match((await row.getByRole("cell").allTextContents()).join("|"), /500.*\|fails at times\|[\d,.]+\|[\d.]+ %$/);
  const opener = row.getByRole("button");
  await opener.focus();
  await page.keyboard.press("Enter");
  const example = page.locator(`[id="${await opener.getAttribute("aria-controls")}"]`);
  await example.getByText(/\/fail\?rate=0\.25/).waitFor();
  await example.getByText("Status 500").waitFor();
  await page.getByRole("row").filter({ hasText: "GET products" }).getByRole("button").click();
  await page.getByRole("group", { name: "How the answer began" }).last().waitFor();
  await accessible(page);
  await picture(page, "errors");

  await small({ world, open, picture, id });
}

/** As narrow as it gets, in the dark and in German; and from there on paper. */
async function small({ world, open, picture, id }) {
  const page = await open({ locale: "de-DE", colorScheme: "dark", viewport: { width: 360, height: 740 } });
  await page.goto(ui(world, `/results/${id}?tab=errors`));
  await signIn(page, "admin", world.password);
  await page.getByRole("row").filter({ hasText: "fails at times" }).getByRole("button").click();
  await page.getByText("Status 500", { exact: true }).waitFor();
  await accessible(page);
  await picture(page, "errors-small");
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await page.setViewportSize({ width: 720, height: 1000 });
  await onPaper(page);
  await picture(page, "errors-printed");
}

/** Everything is there, dark on white, and nothing that is of use on a screen alone. */
export async function onPaper(page) {
  await page.getByRole("columnheader", { name: "p95" }).waitFor();
  const scheme = () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme);
  await until("it is dark on white", async () => (await scheme()) === "light");
  assert.equal(await page.getByRole("tablist").isVisible(), false);
  assert.equal(await page.locator("figure li span[aria-hidden]:visible").count(), 0, "nothing is pointed at");
  const findings = page.locator(".mantine-Accordion-panel");
  for (const finding of await findings.all()) assert.ok((await finding.boundingBox()).height > 40, "each finding is told");
}
