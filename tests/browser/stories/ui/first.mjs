// The first load, as the browser itself has traced it: nothing kept from before, somebody signed in, the home page. How it went is printed.

import assert from "node:assert/strict";

import { signIn } from "../../acts.mjs";
import { headline, ui } from "./acts.mjs";

/** Notes from the beginning on what browsers tell later only in part. */
function note() {
  globalThis.seen = { shifted: 0, blocked_ms: 0, largest_ms: 0, long_until_ms: 0, head_ms: 0 };
  const { seen } = globalThis;
  const watch = (type, each) => new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
  watch("layout-shift", ({ value }) => { seen.shifted += value; });
  watch("largest-contentful-paint", ({ startTime }) => { seen.largest_ms = startTime; });
  watch("longtask", ({ startTime, duration }) => {
    // What a task takes beyond 50 ms is time in which nobody is answered.
    seen.blocked_ms += duration - 50;
    seen.long_until_ms = startTime + duration;
  });
  new MutationObserver(() => { seen.head_ms ||= document.querySelector("main:not([aria-busy=true]) h1") ? performance.now() : 0; }).observe(document, { childList: true, subtree: true });
}

function figures() {
  const loaded = performance.getEntriesByType("resource");
  const kib = (kind) => loaded.filter(({ name }) => name.endsWith(kind)).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1024;
  const { head_ms, long_until_ms, largest_ms, blocked_ms, shifted } = globalThis.seen;
  return { script_kib: kib(".js"), style_kib: kib(".css"), interactive_ms: Math.max(head_ms, long_until_ms), largest_ms, blocked_ms, shifted };
}

export default async ({ world, open }) => {
  const page = await open();
  await page.goto(ui(world));
  await signIn(page, "admin", world.password);
  await headline(page, "Load tests");
  await page.addInitScript(note);
  const browser = await page.context().newCDPSession(page);
  const all = [];
  for (let round = 0; round < world.rounds; round++) {
    await browser.send("Network.clearBrowserCache");
    await page.goto(ui(world));
    await headline(page, "Load tests");
    await page.waitForLoadState("networkidle");
    all.push(await page.evaluate(figures));
  }
  console.log(JSON.stringify(all));
  for (const { script_kib: kib, shifted } of all) {
    assert.ok(kib > 50 && kib < 300, `${kib} KiB of script`);
    assert.ok(shifted < 0.1, `the page shifted by ${shifted}`);
  }
};
