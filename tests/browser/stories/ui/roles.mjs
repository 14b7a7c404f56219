// Nobody is offered what would be refused: as each of the roles, every page that is offered is looked at, every part of it is opened, and
// nothing of what the page asks for is refused.

import assert from "node:assert/strict";

import { signIn } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

const everybody = ["Home", "Results", "Recipes", "Prompts", "Deeplinks", "Analytics", "Settings", "Users and keys"];
const roles = [
  { name: "vera", places: everybody, hidden: ["Try it", "Test my service", "Stop", "More", "Delete", "Import"] },
  { name: "oskar", places: [...everybody, "New run", "Generator"], hidden: ["New user"] },
  { name: "edna", places: [...everybody, "New run", "Generator"], hidden: ["New user"] },
];

async function look(page, world, { name, places, hidden }, picture) {
  const refused = [];
  page.on("response", (answer) => {
    if (answer.status() === 403) refused.push(`${answer.request().method()} ${answer.url()}`);
  });
  const nothingHidden = async () => {
    for (const button of hidden) {
      const offered = page.getByRole("button", { name: button, exact: true }).or(page.getByRole("link", { name: button, exact: true }));
      assert.equal(await offered.count(), 0, `${name} is offered ${button} at ${page.url()}`);
    }
  };
  await page.goto(ui(world));
  await signIn(page, name, world.password);
  await headline(page, "Load tests");
  const links = page.getByRole("navigation").getByRole("link");
  await links.first().waitFor();
  const offered = (await links.allTextContents()).filter((text) => text !== "API documentation");
  const paths = await links.evaluateAll((all) => all.map((link) => link.pathname));
  assert.deepEqual([...offered].sort(), [...places].sort(), name);

  await page.goto(ui(world, `/results/${world.run}`));
  await headline(page, "Shop front");
  await page.getByRole("button", { name: "Export" }).waitFor();
  await page.getByText("by admin").waitFor();
  await nothingHidden();
  for (const [at, place] of offered.entries()) {
    await page.goto(world.url + paths[at]);
    await page.locator("main:not([aria-busy=true]) h1").waitFor();
    await page.waitForLoadState("networkidle");
    for (const tab of await page.getByRole("tab").all()) {
      await tab.click();
      await page.waitForLoadState("networkidle");
    }
    await nothingHidden();
    await accessible(page);
    await picture(page, `${name}-${place.toLowerCase().replaceAll(" ", "-")}`);
  }
  // An address that somebody typed offers no more than a link does.
  await page.goto(ui(world, "/prompts/new"));
  await page.locator("main:not([aria-busy=true]) h1").waitFor();
  assert.equal(await page.getByLabel("Title").count() > 0, name === "edna", "who may write prompts");
  assert.deepEqual(refused, [], name);
}

export default async ({ world, open, picture }) => {
  for (const role of roles) await look(await open(), world, role, picture);
};
