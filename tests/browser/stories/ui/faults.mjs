// What goes wrong between a page and its server: a proxy that lets no WebSocket through, a server that is slow, that fails, that asks to
// wait, that is gone and comes back, a session that ends. The page says so, in the place where it is, and goes on.

import assert from "node:assert/strict";

import { signIn } from "../../acts.mjs";
import { accessible, headline, ui } from "./acts.mjs";

const problem = (status, code, detail, more = {}) => ({
  status, contentType: "application/problem+json", headers: more.retry_after_s ? { "retry-after": `${more.retry_after_s}` } : {},
  body: JSON.stringify({ type: `urn:maid:problem:${code}`, title: code, status, detail, code, instance: null, errors: [], ...more }),
});

export default async ({ world, open, picture }) => {
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
  // While it is slow, the page says no longer that it must wait, and shows that it works.
  await page.getByText("Wait 7 s, then try again.").waitFor({ state: "detached" });
  await page.getByRole("link", { name: world.name }).waitFor();
  assert.equal(told, 3);
  // A name of 200 characters with markup in it is a name.
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

  // The server is gone, and comes back.
  await page.context().setOffline(true);
  await page.getByText("The server does not answer; trying again").waitFor();
  await picture(page, "server-gone");
  await page.context().setOffline(false);
  await page.getByText("The server does not answer; trying again").waitFor({ state: "detached" });
};
