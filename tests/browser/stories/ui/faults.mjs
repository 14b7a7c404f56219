// What goes wrong between a page and its server: a proxy that lets no WebSocket through, a server that is slow, that fails, that asks to
// wait, that is gone and comes back, a session that ends. The page says so, in the place where it is, and goes on.

import assert from "node:assert/strict";

import { ask, signIn, until } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

const problem = (status, code, detail, more = {}) => ({
  status, contentType: "application/problem+json", headers: more.retry_after_s ? { "retry-after": `${more.retry_after_s}` } : {},
  body: JSON.stringify({ type: `urn:maid:problem:${code}`, title: code, status, detail, code, instance: null, errors: [], ...more }),
});

export default async ({ world, open, picture }) => {
  await slowAtFirst(await open({ reducedMotion: "reduce", viewport: { width: 360, height: 740 } }), world, picture);

  // A proxy that lets no WebSocket through.
  const page = await open();
  await page.routeWebSocket("**/api/maid/ws", (socket) => socket.close());
  await page.goto(ui(world));
  await signIn(page, "admin", world.password);
  await headline(page, "Load tests");
  await page.getByText("Live updates are blocked; asking every two seconds").waitFor();
  await accessible(page);
  await picture(page, "no-websocket");

  // The server fails, asks to wait, and is slow: said where the list would be, and the way out works.
  const answers = [
    problem(500, "internal", "something went wrong inside MAID"),
    problem(429, "rate_limited", "you ask too often", { retry_after_s: 7 }),
  ];
  let told = 0;
  await page.route("**/api/maid/history?**", (route) => {
    const answer = answers[told++];
    return answer ? route.fulfill(answer) : new Promise((slow) => setTimeout(slow, 3_000)).then(() => route.continue());
  });
  await page.getByRole("link", { name: "Results", exact: true }).click();
  await page.getByText("something went wrong inside MAID").waitFor();
  await picture(page, "failed");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Wait 7 s, then try again.").waitFor();
  await accessible(page);
  await page.getByRole("button", { name: "Try again" }).click();
  // While it is slow, what went wrong stays in sight, and the page shows that it works.
  await page.locator("[role=alert] button[data-loading]").getByText("Try again").waitFor();
  await page.getByText("Wait 7 s, then try again.").waitFor({ state: "detached" });
  await page.getByRole("link", { name: world.name }).waitFor();
  assert.equal(told, 3);
  // A name of 200 characters with markup in it is a name.
  const lines = await page.getByRole("cell").evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().height));
  assert.ok(Math.max(...lines) < 60, "and takes no room from the figures beside it");
  await picture(page, "hostile-list");
  assert.equal(await page.evaluate(() => "hurt" in window), false);
  await page.getByRole("link", { name: world.name }).click();
  await headline(page, world.name);
  await accessible(page);
  await picture(page, "hostile-name");
  assert.equal(await page.evaluate(() => "hurt" in window), false);

  // The session ends elsewhere: the page stays, and a form comes over it.
  await page.unroute("**/api/maid/history?**");
  await page.context().clearCookies();
  await page.getByRole("dialog", { name: "Your session is over" }).waitFor();
  await accessible(page);
  await picture(page, "session-over");
  await signIn(page, "admin", world.password);
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("link", { name: "All results" }).click();
  await page.getByRole("link", { name: world.name }).waitFor();

  await comparedWithNothing(page, world, picture);
  await alreadyRunning(page, world, picture);

  // The network is gone, and comes back: said at once, and what fails by it until it is back.
  const OFFLINE = page.getByRole("status").getByText("No network; going on as soon as it is back");
  await page.context().setOffline(true);
  await OFFLINE.waitFor({ timeout: 3_000 });
  await page.getByRole("button", { name: "Try it" }).press("Enter");
  const failed = page.getByRole("alert").getByText("Try again when it does");
  await failed.waitFor();
  await picture(page, "server-gone");
  await page.context().setOffline(false);
  await OFFLINE.waitFor({ state: "detached" });
  await failed.waitFor({ state: "detached" });

  // To be read on a phone as well, as is a run's name, however long.
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(ui(world, `/results/${world.run}`));
  const whole = page.getByRole("button", { name: "Show the whole name" });
  await whole.waitFor();
  assert.ok((await page.getByRole("button", { name: "Run again" }).boundingBox()).y < 740, "what can be done is in sight");
  await whole.press("Enter");
  await page.getByRole("button", { name: "Show less of the name" }).waitFor();
  await page.context().setOffline(true);
  await OFFLINE.waitFor({ timeout: 3_000 });
  assert.ok(await OFFLINE.evaluate((said) => said.scrollWidth <= said.clientWidth), "nothing of it is cut off");
  await picture(page, "no-network");
  await page.context().setOffline(false);
  await OFFLINE.waitFor({ state: "detached" });
};

/** While the server says nothing yet, there is a page all the same. */
async function slowAtFirst(page, world, picture) {
  let say;
  const said = new Promise((resolve) => { say = resolve; });
  await page.route("**/api/maid/auth/me", (route) => said.then(() => route.continue()));
  await page.goto(ui(world));
  await page.getByRole("banner").getByText("MAID").waitFor();
  await page.getByRole("status").getByText("Waiting for the server").waitFor();
  await accessible(page);
  await picture(page, "slow-at-first");
  say();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
}

/** An address that names no runs, or one that is not there, says so once and leads on. */
async function comparedWithNothing(page, world, picture) {
  await page.goto(ui(world, "/compare?a=nonsense"));
  await headline(page, "Comparison");
  await page.getByText("Choose two runs to see how B differs from A.").waitFor();
  await page.getByRole("alert").getByText("Run A: there is no run nonsense.").waitFor();
  assert.equal(await page.getByRole("alert").count(), 1);
  await accessible(page);
  await picture(page, "compare-nothing");
  for (const letter of ["A", "B"]) {
    await page.getByRole("combobox", { name: `Run ${letter}` }).click();
    await page.getByRole("option", { name: world.name }).click();
  }
  await page.getByText(/^(B |The two runs)/).first().waitFor();
  await accessible(page);
  await picture(page, "compare-chosen");
  await page.goto(ui(world, `/compare?a=${world.run}&b=00000000-0000-7000-8000-000000000000`));
  await page.getByRole("alert").getByText("Run B: there is no run 00000000-").waitFor();
  assert.equal(await page.getByRole("alert").count(), 1, "one that is missing is told once");
  await accessible(page);
  await picture(page, "compare-missing");
  await page.goto(ui(world, "/results/nonsense"));
  await headline(page, "Run not found");
}

/** Where something runs, the first steps wait for it; its name, however long, leaves room for the way to it. */
async function alreadyRunning(page, world, picture) {
  const { run_id: id } = await ask(world, world.admin, "/run", { method: "POST", body: JSON.stringify({ loadtest: world.long }) });
  await page.goto(ui(world));
  await headline(page, "Load tests");
  await page.getByRole("link", { name: "Watch it live" }).waitFor();
  await page.getByRole("button", { name: "Try it" }).click();
  await page.getByRole("button", { name: "Queue it" }).waitFor();
  await accessible(page);
  await picture(page, "already-running");
  await ask(world, world.admin, "/kill", { method: "POST" });
  await until("it is over", async () => (await ask(world, world.admin, `/runs/${id}`)).status !== "running");
}
