// Everybody can read and use the page: on small and large screens, by day and by night. Pictures of every state are kept.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { ask, come, fits, open as visit, start, until, view } from "../acts.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds wrong with the page as it is. */
async function flaws(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`);
}

export default async function ({ world, open, picture }) {
  for (const [width, colorScheme] of [[360, "light"], [1280, "light"], [360, "dark"], [1280, "dark"]]) {
    const look = async (page, name) => {
      const state = `${name} ${width} ${colorScheme}`;
      assert.deepEqual(await flaws(page), [], state);
      await fits(page);
      await picture(page, `${name}-${width}-${colorScheme}`);
    };
    // What looks at the page is no part of it: the policy of the page would keep it out.
    const page = await open({ viewport: { width, height: 800 }, colorScheme, bypassCSP: true, reducedMotion: "reduce" });
    await visit(page, world.links.shop);
    await look(page, "sign-in");
    await come(page, world.links.shop, "oskar", world);
    await start(page).and(page.locator(":enabled")).waitFor();
    for (const details of await page.locator("summary").all()) await details.click();
    await look(page, "confirm");
    await page.goto(world.links.recipe);
    await page.getByLabel("Run time").fill("soon");
    await page.keyboard.press("Tab");
    await page.getByText("To be put right: Run time.").waitFor();
    await look(page, "recipe");
    await page.goto(world.links.expired);
    await view(page, "refused");
    await look(page, "refused");
    await page.goto(world.links.failing);
    await start(page).click();
    await view(page, "run");
    await page.locator(".tiles").waitFor();
    await look(page, "run");
    await view(page, "verdict");
    assert.equal(await page.locator(".word").textContent(), "Not passed");
    await look(page, "verdict");
    await until("the place is free", async () => (await ask(world, world.admin, "/status")).phase !== "maintain");
    // Print has everything, and nothing to press.
    await page.goto(world.links.shop);
    await view(page, "confirm");
    await page.emulateMedia({ media: "print" });
    assert.ok(await start(page).isHidden());
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    assert.ok(await page.locator("pre").first().isVisible());
    await picture(page, `print-${width}-${colorScheme}`);
    await page.context().close();
  }
}
