// What was run is compared, explained, printed, taken along as a file, made the measure of others, changed and run again, and deleted.

import assert from "node:assert/strict";

import { ask, runs, signIn, until } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";
import { inDetail } from "./results-detail.mjs";
import { alike, ofDays, tolerated } from "./results-more.mjs";
import { onPaper, told } from "./results-told.mjs";

const list = (page) => page.getByRole("table");
const more = async (page, name) => {
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name }).click();
  await page.getByRole("menu").waitFor({ state: "detached" });
};

export default async ({ world, open, picture }) => {
  const page = await open();
  await page.goto(ui(world, "/results"));
  await signIn(page, "admin", world.password);
  await headline(page, "Results");

  // Found by what came of them, by who has started them, and of which recipe they are; the address has it.
  const rows = async () => (await list(page).getByRole("link").allTextContents()).toSorted();
  const only = async (query) => {
    const { items } = await ask(world, world.admin, `/history?limit=100&${query}`);
    const names = items.map(({ name }) => name).toSorted();
    await until(`only ${query} is there`, async () => JSON.stringify(await rows()) === JSON.stringify(names));
    return names.length;
  };
  const choose = async (field, option) => {
    await page.getByRole("combobox", { name: field }).click();
    await page.getByRole("option", { name: option }).click();
  };
  const all = await only("");
  await choose("Thresholds", "Threshold missed");
  await page.waitForURL(/passed=false/);
  const missed = await only("passed=false");
  await choose("Thresholds", "Passed");
  assert.ok(missed + (await only("passed=true")) <= all && missed < all);
  await choose("Started by", "vera");
  await page.getByText("No run matches that").waitFor();
  await accessible(page);
  await picture(page, "filtered");
  await page.getByRole("button", { name: "Clear filters" }).click();
  assert.equal(await only(""), all);
  await ofDays({ world, open, page, picture });
  await page.goto(ui(world, "/results?recipe=quickstart&passed=nonsense"));
  await page.getByText("No run matches that").waitFor();
  await page.getByRole("button", { name: "Recipe: Shop quickstart" }).click();
  assert.equal(await only(""), all);

  // Two runs beside each other: the earlier one is A, whichever was picked first.
  await list(page).getByLabel("Select After for comparing").check();
  await list(page).getByLabel("Select Before for comparing").check();
  // What is selected is so after a reload as well.
  await page.waitForURL(/picked=/);
  await page.reload();
  await page.getByRole("link", { name: "Compare" }).click();
  await headline(page, "Comparison");
  await page.getByText(/^B (is|differs)/).waitFor();
  assert.deepEqual(await page.getByRole("link", { name: /^(Before|After)$/ }).allTextContents(), ["Before", "After"]);
  await page.locator("figure canvas").nth(1).waitFor();
  await page.getByRole("button", { name: /^GET/ }).first().click();
  await accessible(page);
  await picture(page, "compared");
  await tolerated({ page, picture });
  await page.getByRole("button", { name: "Swap" }).click();
  await until("they have changed places", async () => (await page.getByRole("link", { name: /^(Before|After)$/ }).first().textContent()) === "After");

  await alike({ world, page, picture });

  // What the analyst found, and when: the moment is shown in the charts, and not before it is asked for.
  await page.goto(ui(world, `/results/${world.ill}`));
  await headline(page, "Fails from its middle on");
  await page.locator("figure canvas").first().waitFor();
  // A line is hidden and shown by keys.
  const p99 = page.getByRole("list", { name: "Lines" }).getByRole("button", { name: "p99" });
  for (const shown of ["false", "true"]) {
    await p99.press("Enter");
    assert.equal(await p99.getAttribute("aria-pressed"), shown);
  }
  const before = await page.locator("figure").first().screenshot();
  const moment = page.getByRole("button", { name: /^from .* to / }).first();
  await moment.click();
  assert.equal(await moment.getAttribute("aria-pressed"), "true");
  await until("it is shown", async () => !(await page.locator("figure").first().screenshot()).equals(before));
  await accessible(page);
  await picture(page, "explained");

  // On paper there is nothing that could be pressed, and what was found is there, folded away or not.
  await page.getByRole("tab", { name: "The test" }).click();
  await page.emulateMedia({ media: "print" });
  for (const hidden of ["navigation", "banner"]) assert.equal(await page.getByRole(hidden).isVisible(), false, hidden);
  await page.getByRole("heading", { name: "What was found" }).waitFor();
  await onPaper(page);
  await picture(page, "printed");
  await page.emulateMedia({ media: "screen" });

  // The same figures as a file, in every form.
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: "JUnit XML" }).waitFor();
  const forms = await page.getByRole("menuitem").allTextContents();
  const ends = { HTML: "html", JSON: "json", CSV: "csv", Markdown: "md", "JUnit XML": "xml" };
  assert.deepEqual(forms, Object.keys(ends));
  await page.keyboard.press("Escape");
  for (const form of forms) {
    await page.getByRole("button", { name: "Export" }).click();
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: form }).click()]);
    assert.equal(await file.failure(), null, form);
    assert.equal(file.suggestedFilename(), `maid-${world.ill}.${ends[form]}`);
  }

  await told({ world, open, picture, page });
  await inDetail({ world, open, picture, page });
  await page.goto(ui(world, `/results/${world.ill}`));
  await headline(page, "Fails from its middle on");

  // How it went at other times, and a run to measure others by.
  await page.getByRole("tab", { name: "Over time" }).click();
  await page.getByText("This test has not been run before").waitFor();
  assert.match(page.url(), /tab=others/);
  await more(page, "Make it the baseline");
  await until("it is", async () => (await ask(world, world.admin, `/runs/${world.ill}`)).baseline);
  await page.getByText("Later runs of this test are now compared with this one").waitFor();
  await page.getByText("Baseline", { exact: true }).waitFor();

  // Changed and run again: its test stands in the editor, and nothing has begun by itself.
  const count = (await runs(world)).length;
  await page.goto(ui(world, "/results?name=Before"));
  await page.getByRole("link", { name: "Before" }).click();
  await headline(page, "Before");
  await more(page, "Change and run again");
  await headline(page, "New run");
  await page.getByLabel("Name", { exact: true }).and(page.locator("[value=Before]")).waitFor();
  assert.equal((await runs(world)).length, count);

  // Deleted, after it was asked for by name.
  await page.goto(ui(world, `/results/${world.ill}`));
  await headline(page, "Fails from its middle on");
  await more(page, "Delete");
  const sure = page.getByRole("dialog", { name: "Fails from its middle on" });
  await accessible(page);
  await sure.getByRole("button", { name: "Delete" }).click();
  await headline(page, "Results");
  await until("it is gone", async () => (await runs(world)).length === count - 1);
  // Whoever goes back is told so, and sees no run that is no more.
  await page.goBack();
  await page.getByText("There is no such run").waitFor();
  await headline(page, "Run not found");

  // As wide as screens get, and without anything that moves.
  const wide = await open({ viewport: { width: 3840, height: 2160 }, reducedMotion: "reduce" });
  await wide.goto(ui(world, "/results"));
  await signIn(wide, "admin", world.password);
  await wide.getByRole("link", { name: "After" }).click();
  await headline(wide, "After");
  await wide.locator("figure canvas").first().waitFor();
  await accessible(wide);
  await picture(wide, "wide");
};
