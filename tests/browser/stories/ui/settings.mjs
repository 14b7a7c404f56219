// How the server is set: a setting is found and changed, at once and for the next start; what is wrong is told where it is; two who change
// the configuration lose nothing; what was changed is taken back.

import assert from "node:assert/strict";

import { ask, signIn, until } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

export default async ({ world, open, picture }) => {
  const page = await come(open, world, "/settings?tab=plugins", "admin");
  const config = () => ask(world, world.admin, "/config");
  assert.equal(await page.getByRole("tab", { name: "Configuration" }).getAttribute("aria-selected"), "true", "a tab that there is none of is the first");
  await page.getByText("server.public_url").waitFor();
  await accessible(page);
  await picture(page, "configuration");

  // At once. What is written survives a reload, and nothing is sent that cannot be right.
  await find(page, "most users test");
  await page.waitForURL(/q=most/);
  await field(page, "load.max_users").fill("0");
  await page.getByText("At least 1", { exact: true }).waitFor();
  assert.ok(await page.getByRole("button", { name: "Review and save" }).isDisabled());
  await accessible(page);
  await field(page, "load.max_users").fill("1234");
  await page.reload();
  await page.getByText("Not saved yet: 1").waitFor();
  assert.equal(await field(page, "load.max_users").inputValue(), "1234");
  await save(page, async (dialog) => {
    await dialog.getByRole("row", { name: /load\.max_users 100000 1234 at once/ }).waitFor();
    await accessible(page);
    await picture(page, "review");
  });
  await page.getByText("In effect now: load.max_users").waitFor();
  assert.equal((await config()).config.load.max_users, 1234);

  // After a restart.
  await find(page, "client_timeout");
  await field(page, "server.client_timeout").fill("11s");
  await save(page, (dialog) => dialog.getByText("after a restart").waitFor());
  await page.getByText("Restart the server for these to take effect").waitFor();
  await page.getByText("waits for a restart", { exact: true }).waitFor();
  assert.deepEqual((await config()).restart_required, ["server.client_timeout"]);
  await picture(page, "waits-for-restart");

  // What only the server knows to be wrong.
  await find(page, "load.targets.allow");
  await field(page, "load.targets.allow").fill("https://shop.example.com/");
  await review(page);
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog").getByText("Nothing was changed. Correct what is marked above").waitFor();
  await accessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.locator('[data-setting="load.targets.allow"]').getByText(/it is a URL, not a host/).waitFor();
  await picture(page, "refused");
  assert.deepEqual((await config()).config.load.targets.allow, []);
  await field(page, "load.targets.allow").fill("shop.example.com");
  await save(page);
  await until("it is saved", async () => (await config()).config.load.targets.allow[0] === "shop.example.com");

  // What the environment sets is fixed, and a secret is never shown.
  await find(page, "rate_limit.enabled");
  await page.getByText("Set by the environment variable MAID__RATE_LIMIT__ENABLED and therefore fixed here.").waitFor();
  assert.ok(await field(page, "rate_limit.enabled").isDisabled());
  await find(page, "auth.admin_password");
  await page.locator('[data-setting="auth.admin_password"]').getByText("set, and never shown").waitFor();
  assert.equal(await page.locator('[data-setting="auth.admin_password"] input').count(), 0);
  assert.ok(!(await page.content()).includes(world.password));
  await picture(page, "secret");
  await find(page, "xyzzy");
  await page.getByText("No setting fits").waitFor();

  // Two at once: whoever is later is told, and both changes are kept.
  await find(page, "max_logs");
  await field(page, "history.max_logs").fill("4000");
  const other = await come(open, world, "/settings?q=stop_grace", "admin");
  await field(other, "load.stop_grace").fill("6s");
  await save(other);
  await other.getByText("In effect now: load.stop_grace").waitFor();
  await review(page);
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByText("Somebody else changed the configuration meanwhile").waitFor();
  await accessible(page);
  await picture(page, "clash");
  await page.getByRole("button", { name: "Load the present version" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByText("In effect now: history.max_logs").waitFor();
  const { load, history } = (await config()).config;
  assert.deepEqual([load.stop_grace, history.max_logs], ["6s", 4000]);

  // Who changed what, and back.
  await page.getByRole("tab", { name: "Past changes" }).click();
  const newest = page.getByRole("article").first();
  await newest.getByText("history.max_logs").waitFor();
  await newest.getByText("admin", { exact: true }).waitFor();
  await accessible(page);
  await picture(page, "changes");
  await newest.getByRole("button", { name: /^Take back/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await newest.getByRole("row", { name: /history\.max_logs 4000 not set here/ }).waitFor();
  assert.equal((await config()).config.history.max_logs, 5000);
  assert.equal((await config()).config.load.stop_grace, "6s", "nothing else is taken back");

  const small = await come(open, world, "/settings?q=load.max", "admin", { locale: "de-DE", colorScheme: "dark", viewport: { width: 360, height: 740 } });
  await field(small, "load.max_users").fill("99");
  await small.getByText("Noch nicht gespeichert: 1").waitFor();
  await accessible(small);
  await picture(small, "configuration-dark-german-narrow");
};

async function come(open, world, path, name, options) {
  const page = await open({ reducedMotion: "reduce", ...options });
  await page.goto(ui(world, path));
  await signIn(page, name, world.password);
  await headline(page, /^(Settings|Einstellungen)$/);
  return page;
}

const find = (page, words) => page.getByLabel("Search settings").fill(words);
const field = (page, key) => page.locator(`[data-key="${key}"]`);
const review = (page) => page.getByRole("button", { name: "Review and save" }).click();

async function save(page, look = async () => {}) {
  await review(page);
  const dialog = page.getByRole("dialog");
  await look(dialog);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
}
