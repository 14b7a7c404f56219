// Runs of some days, a comparison that tolerates something, tests like one that has run. A part of the story `results`.

import assert from "node:assert/strict";

import { ask, signIn, until } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

/** The day of a moment, where the browser is. */
const day = (page, days) =>
  page.evaluate((days) => {
    const now = new Date();
    const at = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
    return [at.getFullYear(), `${at.getMonth() + 1}`.padStart(2, "0"), `${at.getDate()}`.padStart(2, "0")].join("-");
  }, days);

/** Results are narrowed down to days; the address has them, and nonsense in it is none. */
export async function ofDays({ world, open, page, picture }) {
  const count = async () => page.getByRole("table").getByRole("link").count();
  await page.goto(ui(world, "/results"));
  await headline(page, "Results");
  await page.getByRole("table").waitFor();
  const all = await count();
  const [today, tomorrow] = [await day(page, 0), await day(page, 1)];
  const [from, to] = [page.getByLabel("From", { exact: true }), page.getByLabel("To", { exact: true })];
  const answered = page.waitForResponse((answer) => answer.url().includes("until="));
  await to.fill(today);
  const answer = await answered;
  const told = new URL(answer.url()).searchParams.get("until");
  assert.equal((await answer.json()).items.length, all, "those of today are there");
  assert.equal(told, await page.evaluate((day) => { const [y, m, d] = day.split("-").map(Number); return new Date(y, m - 1, d + 1).toISOString(); }, today));
  await page.waitForURL(`**to=${today}**`);
  await until("those of today are there", async () => (await count()) === all);
  const none = page.waitForResponse((answer) => answer.url().includes("since="));
  await from.fill(tomorrow);
  assert.deepEqual((await (await none).json()).items, []);
  await page.getByText("No run matches that").waitFor();
  await page.locator("[aria-invalid=true]").first().waitFor();
  await accessible(page);
  await picture(page, "days");
  await page.getByRole("button", { name: "Clear filters" }).click();
  await until("all are there", async () => (await count()) === all);
  assert.deepEqual([await from.inputValue(), await to.inputValue()], ["", ""]);
  await page.goto(ui(world, "/results?from=2026-02-30&to=soon"));
  await until("nonsense is no day", async () => (await count()) === all);

  // Where there is little room, what they could be narrowed by is folded away, unless it does.
  const small = await open({ viewport: { width: 360, height: 740 } });
  await small.goto(ui(world, "/results"));
  await signIn(small, "admin", world.password);
  await small.getByRole("table").waitFor();
  const status = small.getByRole("combobox", { name: "Status" });
  assert.equal(await status.isVisible(), false);
  await small.getByRole("button", { name: "Filters", exact: true }).click();
  await status.waitFor();
  await accessible(small);
  await small.goto(ui(world, `/results?to=${today}`));
  await small.getByLabel("To", { exact: true }).waitFor();
  await small.getByRole("button", { name: "Filters, 1 set" }).click();
  await status.waitFor({ state: "hidden" });
  await picture(small, "days-small");
  await small.close();
}

/** What is tolerated decides the verdict, as it does for the server; what is no number goes nowhere. */
export async function tolerated({ page, picture }) {
  const field = page.getByLabel("Tolerated, %");
  const judged = async (percent, share) => {
    const asked = page.waitForResponse((answer) => answer.url().endsWith(`max_regression=${share}`));
    await field.fill(percent);
    return (await asked).json();
  };
  // Whatever the noise, the page says what the server has found.
  for (const [percent, share] of [["0", "0"], ["10000", "100"]]) {
    const { regressions, max_regression } = await judged(percent, share);
    assert.equal(max_regression, Number(share));
    const over = page.getByText(/^B is worse than A by more than the tolerated/);
    await (regressions.length > 0 ? over : page.getByText(/^Nothing is worse by more than the tolerated/)).waitFor();
    if (regressions.length === 0) await over.waitFor({ state: "detached" });
  }
  await field.fill("much");
  await page.getByText("Write a number from 0 to 10,000").waitFor();
  await accessible(page);
  await picture(page, "tolerated");
  assert.match(page.url(), /tolerated=10000/);
  await field.fill("");
  await page.waitForURL((url) => !url.searchParams.has("tolerated"));
}

/** Other tests that are like one, with a way to compare them. */
export async function alike({ world, page, picture }) {
  await page.goto(ui(world, "/results?name=Before"));
  await page.getByRole("link", { name: "Before" }).click();
  await headline(page, "Before");
  const run = page.url().split("/").at(-1).split("?")[0];
  const found = await until("it is searched", async () => {
    const { items } = await ask(world, world.admin, `/search/similar?run=${run}`).catch(() => ({ items: [] }));
    return items.length > 0 && items;
  });
  assert.ok(found.some(({ title }) => title.text === "After"));
  await page.getByRole("tab", { name: "Over time" }).click();
  const alike = page.getByRole("region", { name: "Tests like this one" });
  await alike.getByRole("link", { name: "After", exact: true }).waitFor();
  await accessible(page);
  // The run's own figures, and not what the search looks through.
  await alike.getByText(/requests · p50 .* ms · p95 .* ms/).first().waitFor();
  await picture(page, "alike");
  await alike.getByRole("link", { name: "Compare with After" }).click();
  await headline(page, "Comparison");
  await page.getByText(/^B (is|differs)/).waitFor();
}
