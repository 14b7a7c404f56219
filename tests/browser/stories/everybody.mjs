// Everybody can read and use the page: on small and large screens, by day and by night. Pictures of every state are kept.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { come, fits, open as visit, ready, start, view } from "../acts.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SCHEMES = ["light", "dark"];
const WIDTHS = [360, 1280];

/** What axe finds wrong with the page as it is. */
async function flaws(page) {
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  assert.ok(passes.length > 10, "it has looked");
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`);
}

export default async function ({ world, open, picture }) {
  // What looks at the page is no part of it: the policy of the page would keep it out.
  const page = await open({ bypassCSP: true, reducedMotion: "reduce" });
  const look = async (name) => {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme });
        // A narrow page has all that a wide one has.
        if (width === WIDTHS[0]) assert.deepEqual(await flaws(page), [], `${name} ${colorScheme}`);
        await fits(page);
        await picture(page, `${name}-${width}-${colorScheme}`);
      }
    }
  };

  await visit(page, world.links.shop);
  await look("sign-in");
  await come(page, world.links.shop, "oskar", world);
  await ready(page);
  await look("confirm");
  for (const details of await page.locator("summary").all()) await details.click();
  await look("whole-test");

  await page.goto(world.links.recipe);
  await page.getByLabel("Run time").fill("soon");
  await page.keyboard.press("Tab");
  await page.getByText("To be put right: Run time.").waitFor();
  await look("recipe");

  await page.goto(world.links.expired);
  await view(page, "refused");
  await look("refused");

  await page.goto(world.links.failing);
  await start(page).click();
  await view(page, "run");
  await page.locator(".tiles").waitFor();
  await look("run");
  await view(page, "verdict");
  assert.equal(await page.locator(".word").textContent(), "Not passed");
  await look("verdict");

  // Paper has everything, and nothing to press.
  await page.goto(world.links.shop);
  await view(page, "confirm");
  await page.emulateMedia({ media: "print" });
  assert.ok(await start(page).isHidden());
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.ok(await page.locator("pre").first().isVisible());
  await picture(page, "print");
}
