// Whether MAID accepts runs is switched, and its health looked at. Whoever may only look sees all of the settings, and nothing that would be refused.

import assert from "node:assert/strict";

import { ask, signIn } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

export default async ({ world, open, picture }) => {
  await ask(world, world.admin, "/config", { method: "PUT", body: JSON.stringify({ load: { max_users: 500 } }) });
  const page = await come(open, world, "/settings?tab=engine", "admin");
  await engine(page, world, picture);
  await onlyLooking(open, world, picture);
  const small = await come(open, world, "/settings?tab=engine", "admin", { locale: "de-DE", colorScheme: "dark", viewport: { width: 360, height: 740 } });
  await small.getByRole("button", { name: "Leerlaufen lassen" }).waitFor();
  await accessible(small);
  await picture(small, "engine-dark-german-narrow");
  await small.goto(ui(world, "/settings?tab=changes"));
  await small.getByRole("button", { name: /^Rückgängig machen/ }).waitFor();
  await accessible(small);
  await picture(small, "changes-dark-german-narrow");
};

async function engine(page, world, picture) {
  const status = async () => (await ask(world, world.admin, "/../plugins/maid")).status;
  await page.getByRole("row", { name: /Well database/ }).waitFor();
  await accessible(page);
  await picture(page, "engine");
  const sure = (name) => page.getByRole("dialog").getByRole("button", { name }).click();
  await page.getByRole("button", { name: "Drain" }).click();
  await sure("Cancel");
  assert.equal(await status(), "ready");
  await page.getByRole("button", { name: "Drain" }).click();
  await sure("Drain");
  await page.getByText("MAID accepts no new runs, and none is active.").waitFor();
  assert.equal(await status(), "drained");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByText("MAID accepts runs; none is active.").waitFor();
  await page.getByRole("button", { name: "Restart the engine" }).click();
  const [restarted] = await Promise.all([page.waitForResponse(/\/restart$/), sure("Restart the engine")]);
  assert.ok(restarted.ok());
  await page.getByText("MAID accepts runs; none is active.").waitFor();
  assert.equal(await status(), "ready");
}

/** No field, and no button that would be refused. */
async function onlyLooking(open, world, picture) {
  const page = await come(open, world, "/settings?section=load", "vera");
  await page.getByText("You see the settings as they are. An admin can change them.").waitFor();
  await page.locator('[data-setting="load.max_users"]').waitFor();
  assert.equal(await page.locator("[data-key]").count(), 0);
  await picture(page, "configuration-of-a-viewer");
  await page.getByRole("tab", { name: "Engine and health" }).click();
  await page.getByText("An admin can stop MAID from accepting runs").waitFor();
  await page.getByRole("tab", { name: "Past changes" }).click();
  await page.getByRole("article").first().waitFor();
  assert.equal(await page.getByRole("main").getByRole("button").count(), 0);
  await accessible(page);
}

async function come(open, world, path, name, options) {
  const page = await open({ reducedMotion: "reduce", ...options });
  await page.goto(ui(world, path));
  await signIn(page, name, world.password);
  await headline(page, /^(Settings|Einstellungen)$/);
  return page;
}
