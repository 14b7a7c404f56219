// A browser that keeps nothing, is full, or has kept what no page can read any more.

import assert from "node:assert/strict";

import { signIn, until } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

const hint = "Your browser has no room for what you write here";

export default async ({ world, open, picture }) => {
  const page = await open();
  await page.goto(ui(world, "/run"));
  await signIn(page, "edna", world.password);
  await headline(page, "New run");
  const code = page.getByRole("textbox", { name: "The test as code, YAML" });
  const type = async (text) => {
    await code.focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(text);
  };
  const kept = () => page.evaluate(() => Object.entries(localStorage).find(([place]) => /^maid\.draft\.run\.[^.]+$/.test(place))?.[1]);
  const test = (name) => `version: 1\nname: ${name}\ntarget: { hosts: ["${world.shop}"] }\nload: { users: 1, run_time: 2s }\nscenarios:\n  - { name: a, transactions: [{ name: b, requests: [{ path: / }] }] }\n`;
  await type(test("Kept"));
  await until("it is kept", async () => (await kept())?.includes("Kept"));
  assert.equal(await page.getByText(hint).count(), 0);

  // Full to the last character: what is written now is told not to be kept, and leaving is asked about.
  await page.evaluate(() => {
    for (let size = 1 << 22; size >= 1; size >>= 1) {
      for (;;) {
        try {
          localStorage.setItem("filler", (localStorage.getItem("filler") ?? "") + "x".repeat(size));
        } catch {
          break;
        }
      }
    }
  });
  const longer = `${test("Longer")}# ${"more than there is room for ".repeat(40)}\n`;
  await type(longer);
  await page.getByRole("status").filter({ hasText: hint }).waitFor();
  assert.ok(await code.evaluate((field) => field.contains(document.activeElement) || field === document.activeElement), "who writes goes on writing");
  await accessible(page);
  await picture(page, "full");
  // On another page and back, it is still there.
  await page.getByRole("link", { name: "Recipes", exact: true }).click();
  await headline(page, "Recipes");
  await page.goBack();
  await headline(page, "New run");
  await page.getByText("name: Longer").waitFor();
  // Whoever reloads is asked, and stays.
  const asked = new Promise((tell) => page.once("dialog", (dialog) => (tell(dialog.type()), dialog.dismiss())));
  const reloading = page.evaluate(() => location.reload()).catch(() => {});
  assert.equal(await asked, "beforeunload");
  await reloading;
  await page.getByText("name: Longer").waitFor();
  // As soon as there is room, it is kept, and nothing is told or asked any more.
  await page.evaluate(() => localStorage.removeItem("filler"));
  await type(longer.replace("Longer", "Room"));
  await page.getByText(hint).waitFor({ state: "detached" });
  await page.reload();
  await headline(page, "New run");
  await page.getByText("name: Room").waitFor();

  // Two tabs write: what the other has kept is put aside, and not lost.
  const tab = await page.context().newPage();
  await tab.goto(ui(world, "/run"));
  await tab.getByLabel("Name", { exact: true }).fill("Of the other");
  await until("it is kept", async () => (await kept())?.includes("Of the other"));
  await page.getByLabel("Name", { exact: true }).fill("Of this one");
  await page.getByText("You have written in two tabs").waitFor();
  await accessible(page);
  await page.getByRole("button", { name: "Bring the earlier draft back" }).click();
  await page.getByText("name: Of the other").waitFor();
  await tab.close();

  // What another version, or a hand, has left there is none of the page's drafts.
  const who = await page.evaluate(() => Object.keys(localStorage).find((place) => /^maid\.draft\.run\.[^.]+$/.test(place)).split(".").at(-1));
  const places = ["prompt.new", "settings", "ask", "deeplink", "key", "user", "generator.text", "preset.new"].map((name) => `maid.draft.${who}.${name}`);
  for (const broken of ["5", "[]", '{"text":5}', "{", "[null]"]) {
    await page.evaluate(([names, text]) => names.forEach((name) => localStorage.setItem(name, text)), [places, broken]);
    for (const [path, name] of [["/prompts/new", "New prompt"], ["/recipe-generator", "Describe a test"], ["/deeplinks", "Deeplinks"]]) {
      await page.goto(ui(world, path));
      await headline(page, name);
    }
  }
};
