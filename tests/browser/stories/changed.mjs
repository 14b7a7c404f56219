// What was changed since it was looked at does not run unseen; and a server that is busy offers its queue.

import assert from "node:assert/strict";

import { ask, come, runs, start, until, view } from "../acts.mjs";

export default async function ({ world, open, picture }) {
  const page = await open();
  await come(page, world.links.preset, "oskar", world);
  await view(page, "confirm");
  await page.getByText("p95 < 10s").first().waitFor();

  await ask(world, world.admin, "/presets/nightly", { method: "PUT", body: JSON.stringify(world.changed) });
  await start(page).click();
  await page.locator("#changed").waitFor();
  const told = await page.locator("#changed").innerText();
  assert.match(told, /before: p95 < 10s/);
  assert.match(told, /now: p95 < 9s/);
  await page.getByText("What changed in the test").click();
  assert.match(await page.locator("pre.diff").textContent(), /- .*p95 < 10s[^]*\+ .*p95 < 9s/);
  await picture(page, "changed");
  assert.deepEqual(await runs(world), []);

  const { run_id: other } = await ask(world, world.admin, "/run", { method: "POST", body: JSON.stringify({ loadtest: world.long }) });
  await start(page).click();
  await page.getByRole("button", { name: "Wait in the queue" }).waitFor();
  assert.equal((await runs(world)).length, 1);
  await picture(page, "busy");
  await page.getByRole("button", { name: "Wait in the queue" }).click();
  await page.getByText("Waits in the queue").first().waitFor();
  await page.getByRole("button", { name: "Leave the queue" }).waitFor();
  await picture(page, "queued");
  await ask(world, world.admin, "/stop", { method: "POST", body: JSON.stringify({ run_id: other, kill: true }) });
  await page.locator("progress[value]").waitFor();

  // A run that is stopped here ends, and says that it was stopped.
  await page.getByRole("button", { name: "Stop the run" }).click();
  await view(page, "verdict");
  assert.equal(await page.locator(".word").textContent(), "Stopped");
  await picture(page, "stopped");
  const [run] = await until("both are over", async () => {
    const all = await runs(world);
    return all.every(({ status }) => status === "stopped") && all;
  });
  assert.equal(run.status, "stopped");
}
