// A name that was written to become markup is shown as what it is: text, all 200 characters of it.

import assert from "node:assert/strict";

import { come, fits, start, view } from "../acts.mjs";

export default async function ({ world, open, picture }) {
  for (const width of [320, 1280]) {
    const page = await open({ viewport: { width, height: 800 } });
    await page.addInitScript(() => {
      window.hurt = 0;
      window.alert = () => (window.hurt += 1);
    });
    await come(page, world.links.hostile, "oskar", world);
    await view(page, "confirm");
    assert.equal(world.hostile.length, 200);
    assert.equal(await page.locator("h1").textContent(), world.hostile);
    assert.equal(await page.locator("#happens dd").first().textContent(), world.hostile);
    for (const details of await page.locator("summary").all()) await details.click();
    await page.locator("pre").first().waitFor();
    assert.ok((await page.locator("pre").first().textContent()).includes("onerror"));
    assert.equal(await page.locator("main img, main script, main iframe, main style, main svg").count(), 0);
    await fits(page);
    await picture(page, `hostile-${width}`);
    await start(page).click();
    await view(page, "verdict");
    assert.equal(await page.locator("h1").textContent(), world.hostile);
    await fits(page);
    await picture(page, `verdict-${width}`);
    assert.equal(await page.evaluate(() => window.hurt), 0);
    // The page could not make markup of a text if it tried to.
    const refused = await page.evaluate(() => {
      try {
        document.querySelector("main").innerHTML = "<b>x</b>";
      } catch (error) {
        return error.name;
      }
    });
    assert.equal(refused, "TypeError");
    page.broken = page.broken.filter((line) => !line.includes("TrustedHTML"));
  }
}
