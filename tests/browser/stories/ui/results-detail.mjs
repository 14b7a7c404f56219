// What a run was made of: the details of a request, and the breakdown. A part of the story `results`.

import assert from "node:assert/strict";

import { ask, signIn } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

/** A check that never holds, and with it a request that is never sent; one that fails at times, and one that is led elsewhere. */
const loadtest = ({ shop }) => ({
  version: 1,
  name: "Made of many parts",
  target: { hosts: [shop, shop.replace("127.0.0.1", "localhost")] },
  load: { users: 4, run_time: "3s" },
  scenarios: [
    {
      name: "looks",
      transactions: [
        { name: "shelf", requests: [
          { name: "GET products", path: "/products", check: [{ status: 200 }, { json: "$.items[0].id", op: "==", value: "no such product" }] },
          { name: "never sent", path: "/health" },
        ] },
        { name: "trouble", requests: [{ name: "fails at times", path: "/fail", query: { rate: "0.25" }, check: [{ status: 200 }] }] },
      ],
    },
    {
      name: "wanders",
      transactions: [{ name: "elsewhere", requests: [{ name: "led elsewhere", path: "/redirect", query: { times: "2" } }] }],
    },
  ],
});

export async function inDetail({ world, open, picture, page }) {
  const { run_id: id } = await ask(world, world.admin, "/run", { method: "POST", body: JSON.stringify({ loadtest: loadtest(world) }) });

  // While it goes on there are no details yet, and the page says when they come.
  await page.goto(ui(world, `/results/${id}?tab=breakdown`));
  await headline(page, "Made of many parts");
  await page.getByText("The breakdown comes with the end of the run").waitFor();

  // Each part of it, what failed first.
  const section = (name) => page.getByRole("region", { name, exact: true });
  await section("Checks").waitFor();
  for (const name of ["Phases", "Scenarios", "Transactions", "Hosts"]) await section(name).getByRole("row").nth(1).waitFor();
  const cells = (row) => row.getByRole("cell").allTextContents();
  const check = await cells(section("Checks").getByRole("row").nth(1));
  assert.equal(check[0], "GET products");
  assert.deepEqual([check[2], check[4]], ["0", "0 %"], "it never held");
  assert.equal((await cells(section("Phases").getByRole("row").nth(1)))[0], "Starting users");
  await section("Transactions").getByRole("button", { name: "Transaction", exact: true }).click();
  assert.equal((await cells(section("Transactions").getByRole("row").nth(1)))[0], "elsewhere");
  await accessible(page);
  await picture(page, "breakdown");

  // A request, opened by keys: where its time went, how it was answered, and how it went over time.
  await page.getByRole("tab", { name: "Requests" }).click();
  const row = page.getByRole("button", { name: "fails at times" });
  await row.focus();
  await page.keyboard.press("Enter");
  assert.equal(await row.getAttribute("aria-expanded"), "true");
  const detail = page.locator(`[id="${await row.getAttribute("aria-controls")}"]`);
  await detail.getByRole("img", { name: /^Of the average request: .*Waiting for the answer/ }).waitFor();
  await detail.getByRole("table", { name: "Where the time goes" }).getByRole("row", { name: /^Waiting for the answer/ }).waitFor();
  const statuses = detail.getByRole("table", { name: "Answers by status" }).getByRole("row");
  assert.deepEqual((await statuses.allTextContents()).slice(1).map((row) => row.slice(0, 3)), ["200", "500"]);
  await detail.locator("figure canvas").nth(1).waitFor();
  await accessible(page);
  await picture(page, "request");
  await row.click();
  assert.equal(await detail.count(), 0);

  await page.getByRole("button", { name: "never sent" }).click();
  await page.getByText("It was never finished").waitFor();
  await page.getByRole("button", { name: "led elsewhere" }).click();
  await page.getByRole("row", { name: /^Redirects followed [1-9]/ }).waitFor();

  // What is open stands in the address.
  await page.reload();
  await page.getByRole("row", { name: /^Redirects followed [1-9]/ }).waitFor();

  await printed({ page, picture });
  await small({ world, open, picture, id });
}

/** On paper what was opened is open, and nothing that opens it is there. */
async function printed({ page, picture }) {
  await page.emulateMedia({ media: "print" });
  await page.getByRole("table", { name: "Traffic" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "led elsewhere" }).locator("svg").isVisible(), false);
  await picture(page, "request-printed");
  await page.emulateMedia({ media: "screen" });
}

/** As narrow as it gets, in the dark and in German. */
async function small({ world, open, picture, id }) {
  const page = await open({ locale: "de-DE", colorScheme: "dark", viewport: { width: 360, height: 740 }, reducedMotion: "reduce" });
  await page.goto(ui(world, `/results/${id}`));
  await signIn(page, "admin", world.password);
  await page.getByRole("button", { name: "led elsewhere" }).click();
  await page.getByRole("table", { name: "Datenverkehr" }).waitFor();
  await accessible(page);
  await picture(page, "request-small");
  await page.getByRole("tab", { name: "Aufschlüsselung" }).click();
  await page.getByRole("region", { name: "Prüfungen" }).waitFor();
  await accessible(page);
  await picture(page, "breakdown-small");
}
