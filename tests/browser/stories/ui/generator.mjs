// Somebody says in German what is to be tested, and sees the test with where each field came from. What is missing is asked for, what is to
// be different is said, and what goes wrong on the way costs no word of it. Nothing is started before it is started in the editor.

import assert from "node:assert/strict";

import { ask, runs, signIn } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

const wish = (host) => `Teste den Checkout meines Shops${host} mit 3 Nutzern für 2 Sekunden, doppelt so viel Suche wie Kauf, p95 unter 300 ms`;

export default async ({ world, open, picture }) => {
  const before = (await runs(world)).length;
  const page = await open();
  await page.goto(ui(world, "/recipe-generator"));
  await signIn(page, "edna", world.password);
  await headline(page, "Describe a test");
  const words = page.getByLabel("What is to be tested?");
  const write = page.getByRole("button", { name: "Write the test" });
  assert.ok(await write.isDisabled(), "nothing is said yet");
  await page.getByRole("button", { name: /^A smoke test/ }).click();
  assert.match(await words.inputValue(), /^A smoke test/);
  await accessible(page);
  await picture(page, "empty");

  // Far too long: said, with the way out, and not a word is lost, not even by a reload.
  const long = "Test the shop. ".repeat(2_500);
  await words.fill(long);
  await write.click();
  await page.getByRole("alert").getByText("describe the test in fewer words").waitFor();
  await page.reload();
  assert.equal(await words.inputValue(), long.trim() + " ");

  // The server breaks in mid-answer: before it says anything, and after a step.
  await words.fill(wish(""));
  const breaks = [
    (route) => route.abort("connectionreset"),
    (route) => route.fulfill({ contentType: "text/event-stream", body: 'event: step\ndata: {"step":"reading"}\n\nevent: resu' }),
  ];
  for (const broken of breaks) {
    await page.route("**/recipe-generator/generate", broken, { times: 1 });
    await write.click();
    await page.getByRole("alert").getByText("The server broke off").waitFor();
    assert.equal(await words.inputValue(), wish(""));
  }
  await picture(page, "broken-off");

  // While it is written, the steps are seen, and it can be given up.
  let held;
  await page.route("**/recipe-generator/generate", (route) => void (held = route), { times: 1 });
  await write.click();
  await page.getByRole("status").getByText("Sent").waitFor();
  await accessible(page);
  await picture(page, "asked");
  await page.getByRole("button", { name: "Give up" }).click();
  await page.getByRole("button", { name: "Give up" }).waitFor({ state: "detached" });
  assert.equal(await words.inputValue(), wish(""));
  await held.abort().catch(() => {});

  // Without a host, the test lacks something, which is asked for.
  await write.click();
  const question = page.getByRole("alert", { name: "Which host is to be tested?" });
  await question.waitFor();
  await page.getByText("Something is missing", { exact: true }).filter({ visible: true }).first().waitFor();
  await page.locator(".cm-content").waitFor();
  await accessible(page);
  await picture(page, "asks-for-the-host");
  await question.getByLabel("Base URL of the target").fill(world.shop);
  await question.getByRole("button", { name: "Use it" }).click();
  await question.waitFor({ state: "detached" });
  await page.getByText("Can be run", { exact: true }).filter({ visible: true }).first().waitFor();
  const field = (name) => page.getByRole("row").filter({ has: page.getByRole("cell", { name, exact: true }) });
  await field("target.hosts[0]").getByText(world.shop).first().waitFor();
  await field("load.users").getByText("3 Nutzern").waitFor();
  await field("load.run_time").getByText("2 Sekunden").waitFor();
  assert.match(await field("load.users").textContent(), /3.*your words/);
  await page.getByRole("table").getByText("p95 < 300ms").waitFor();
  await page.locator("mark").getByText("3 Nutzern").waitFor();
  await page.getByRole("link", { name: "E-commerce checkout" }).waitFor();
  // What no model has looked at says so; with one, nothing does.
  const body = JSON.stringify({ text: `${wish("")}\nTarget: ${world.shop}` });
  const { engine } = await ask(world, world.admin, "/recipe-generator/generate", { method: "POST", body });
  assert.equal(await page.getByText("Made with less than was meant").count(), engine.degraded ? 1 : 0);
  if (engine.degraded) await page.getByText(engine.degraded_because[0]).waitFor();
  await page.getByText(/^Made by the reader/).waitFor();
  await accessible(page);
  await picture(page, "made");

  // A further sentence changes it; the one before can be shown again, and is there after a reload.
  await page.getByLabel("What is to be different?").fill("make it 5 users");
  await page.keyboard.press("Control+Enter");
  await field("load.users").getByText("5 users").waitFor();
  assert.match(await page.locator(".cm-content").textContent(), /users: 5/);
  await page.reload();
  await page.getByRole("button", { name: "Show this test" }).click();
  await field("load.users").getByText("3 Nutzern").waitFor();
  await page.getByRole("button", { name: "Show this test" }).click();
  await field("load.users").getByText("5 users").waitFor();
  await accessible(page);
  await picture(page, "changed");

  // With a host in the sentence, in German, on a narrow screen, in the dark, by somebody else: whose words are nobody's but theirs.
  const small = await open({ locale: "de-DE", colorScheme: "dark", viewport: { width: 360, height: 740 } });
  await small.goto(ui(world, "/recipe-generator"));
  await signIn(small, "oskar", world.password);
  await headline(small, "Einen Test beschreiben");
  await small.getByLabel("Was soll getestet werden?").fill(wish(` auf ${world.shop}`));
  await small.getByRole("button", { name: "Test schreiben" }).click();
  await small.getByText("Lauffähig", { exact: true }).filter({ visible: true }).first().waitFor();
  await small.getByRole("cell", { name: "load.users" }).waitFor();
  await small.locator(".cm-content").scrollIntoViewIfNeeded();
  await accessible(small);
  await picture(small, "made-dark-german-narrow");

  // Into the editor; nothing has been started by itself.
  await page.getByRole("button", { name: "Open in the editor" }).click();
  await headline(page, "New run");
  await page.waitForURL(/\/run$/);
  await page.getByText("users: 5").or(page.locator("input[value='5']")).first().waitFor();
  assert.equal((await runs(world)).length, before);
  const audit = await ask(world, world.admin, "/audit?action=recipe.generate");
  assert.ok(audit.items.length > 0 && !JSON.stringify(audit).includes("Checkout"), "that it was asked is known, and not what was said");

  // To begin anew is asked about first, and then all of it is gone.
  await page.goto(ui(world, "/recipe-generator"));
  await page.getByRole("button", { name: "Begin anew" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Begin anew" }).click();
  await page.getByLabel("What is to be tested?").waitFor();
  await page.reload();
  await page.getByLabel("What is to be tested?").waitFor();
};
