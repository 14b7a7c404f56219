// More runs than fit on a page: they come as somebody scrolls, only those in sight are drawn, and the last one is reached.

import assert from "node:assert/strict";

import { signIn, until } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

const drawn = (page) => page.locator("tbody tr[data-index]").count();

export default async ({ world, open, picture }) => {
  const page = await open();
  await page.goto(ui(world, "/results"));
  await signIn(page, "admin", world.password);
  await headline(page, "Results");
  await page.getByRole("link", { name: "Run 0", exact: true }).waitFor();
  assert.ok((await drawn(page)) < 100, "only what is in sight is drawn");

  const asked = [];
  page.on("request", (request) => request.url().includes("/history?") && asked.push(request.url()));
  // Each quarter of it in the time that a machine has that does something else as well.
  const last = page.locator(`tr[data-index="${world.count - 1}"]`);
  for (const quarter of [1, 2, 3, 4]) {
    const reached = (world.count * quarter) / 4 - 1;
    await until(`row ${reached}`, async () => {
      await page.mouse.wheel(0, 100_000);
      return (await page.locator("tbody tr[data-index]").last().getAttribute("data-index")) >= reached;
    });
  }
  await last.waitFor();
  assert.equal(asked.length, new Set(asked).size, "no page of it is asked for twice");
  await page.getByRole("link", { name: `Run ${world.count - 1}`, exact: true }).waitFor();
  assert.ok((await drawn(page)) < 150, "and still");
  await accessible(page);
  await picture(page, "the-last");

  // What is longest ago comes first where that is asked for: the server sorts, not the page.
  await page.keyboard.press("Home");
  await page.getByRole("button", { name: "Began" }).click();
  await page.locator('tr[data-index="0"]').getByRole("link", { name: `Run ${world.count - 1}` }).waitFor();
};
