// The first minutes: signing in, one press on "Try it", a run watched live to its end, and its results found again. As an admin, in the
// dark, in German, on a narrow screen; nothing of it breaks a rule of accessibility that can be checked.

import assert from "node:assert/strict";

import { signIn, until } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

export default async ({ world, open, picture }) => {
  const page = await open();
  await page.goto(ui(world));
  await accessible(page);
  await picture(page, "sign-in");
  await signIn(page, "admin", "wrong");
  await page.getByRole("alert").waitFor();
  await signIn(page, "admin", world.password);
  await headline(page, "Load tests");
  await accessible(page);
  await picture(page, "home-empty");

  // One press. The shop of this story has a port of its own, and five seconds are enough.
  const parameters = { host: world.shop, run_time: "5s" };
  await page.route("**/recipes/quickstart/run", (route) => route.continue({ postData: JSON.stringify({ parameters }) }));
  await page.getByRole("button", { name: "Try it" }).click();
  await headline(page, "Shop quickstart");
  await page.getByText("Running", { exact: true }).first().waitFor();
  // Figures move: the stream arrives.
  const requests = page.locator("[data-figure=requests]");
  const first = await requests.textContent();
  await until("figures move", async () => (await requests.textContent()) !== first);
  await page.locator("figure canvas").first().waitFor();
  await accessible(page);
  await picture(page, "live");

  await page.getByText(/^(Passed|Threshold missed)$/).first().waitFor({ timeout: 60_000 });
  await page.getByRole("heading", { name: "Thresholds" }).waitFor();
  await accessible(page);
  await picture(page, "finished");
  const shown = await requests.textContent();
  const parts = async () => {
    await page.getByRole("heading", { name: "What was found" }).waitFor();
    await page.locator("figure canvas").nth(3).waitFor();
    return page.locator("main section, main figure").evaluateAll((all) => all.map((one) => one.getAttribute("aria-labelledby") ?? one.getAttribute("aria-label")));
  };
  const order = await parts();
  await page.reload();
  await headline(page, "Shop quickstart");
  assert.equal(await requests.textContent(), shown, "what was live is what is kept");
  assert.deepEqual(await parts(), order, "and stands where it stood");

  await page.getByRole("link", { name: "Results", exact: true }).click();
  await headline(page, "Results");
  await page.getByRole("link", { name: "Shop quickstart" }).waitFor();
  await accessible(page);
  await picture(page, "results");
  await page.getByLabel("Name of the test").fill("nothing like it");
  await page.getByText("No run matches that").waitFor();
  assert.match(page.url(), /name=nothing/, "what is filtered stands in the address");

  // The same as somebody with a phone, in the dark, in German.
  const small = await open({ locale: "de-DE", colorScheme: "dark", viewport: { width: 360, height: 740 } });
  await small.goto(ui(world, "/results"));
  await signIn(small, "admin", world.password);
  await headline(small, "Ergebnisse");
  // What matters of a run is seen without moving anything sideways.
  await small.getByText(/ Anfragen · p95 /).first().waitFor();
  await accessible(small);
  await picture(small, "results-dark-german-narrow");
  await small.getByRole("link", { name: "Shop quickstart" }).click();
  await headline(small, "Shop quickstart");
  await small.getByRole("heading", { name: "Schwellen" }).waitFor();
  await accessible(small);
  await picture(small, "finished-dark-german-narrow");
};
