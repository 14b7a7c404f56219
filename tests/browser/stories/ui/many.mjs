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

  const last = page.locator(`tr[data-index="${world.count - 1}"]`);
  await until("the last one", async () => {
    await page.mouse.wheel(0, 100_000);
    return (await last.count()) === 1;
  });
  await page.getByRole("link", { name: `Run ${world.count - 1}`, exact: true }).waitFor();
  assert.ok((await drawn(page)) < 150, "and still");
  await accessible(page);
  await picture(page, "the-last");

  // What is longest ago comes first where that is asked for: the server sorts, not the page.
  await page.keyboard.press("Home");
  await page.getByRole("button", { name: "Began" }).click();
  await page.locator('tr[data-index="0"]').getByRole("link", { name: `Run ${world.count - 1}` }).waitFor();
};
