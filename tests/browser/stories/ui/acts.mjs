// What people do in the admin UI.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** The address of a page of the UI. */
export const ui = (world, path = "") => `${world.url}/plugins/maid${path}`;

/** Waits for the page of this name. */
export const headline = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();

/** Drops a file on something. */
export const dropped = (place, name, content) =>
  place.evaluate((element, [name, content]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([content], name));
    element.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, [name, content]);

/** What can be checked of the rules of accessibility (WCAG 2.2 AA), and that nothing has to be moved sideways. */
export async function accessible(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(await text(axe));
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  // What floats over the page for as long as something is pointed at stands in no part of it.
  const { violations } = await page.evaluate((values) => window.axe.run({ exclude: ["[role=tooltip]"] }, { runOnly: { type: "tag", values } }), tags);
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html}\n  ${failureSummary}`).join("\n  ")}`);
  assert.deepEqual(told, [], page.url());
  const beyond = await page.evaluate(() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    const out = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > innerWidth);
    return out.map((one) => one.cloneNode(false).outerHTML);
  });
  assert.deepEqual(beyond, [], `${page.url()} is wider than what is seen`);
}

async function text(file) {
  const { readFile } = await import("node:fs/promises");
  return readFile(file, "utf8");
}
