// What people do on the page, and what the server knows of it.

import assert from "node:assert/strict";

/** Asks the server as `token`, beside the browser. */
export async function ask({ url }, token, path, options = {}) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await fetch(`${url}/api/maid${path}`, { headers, ...options });
  const body = await answer.text();
  assert.ok(answer.ok, `${path}: ${answer.status} ${body}`);
  return body && JSON.parse(body);
}

/** Asks again and again until `look` finds something. */
export async function until(what, look) {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert.ok(performance.now() < deadline, `waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The runs that there are. */
export const runs = async (world) => (await ask(world, world.admin, "/history")).items;

/** Opens a link and waits until the page asks for nothing more: half a second without a request. */
export const open = (page, link) => page.goto(link, { waitUntil: "networkidle" });

export const view = (page, name) => page.locator(`main[data-view="${name}"]`).waitFor();

export async function signIn(page, name, password) {
  await page.getByLabel(/user name|benutzername/i).fill(name);
  await page.getByLabel(/^(password|passwort)$/i).fill(password);
  await page.keyboard.press("Enter");
}

/** Opens a link as somebody who signs in first. */
export async function come(page, link, name, { password }) {
  await open(page, link);
  await view(page, "sign-in");
  await signIn(page, name, password);
  await page.locator('main[data-view]:not([data-view="sign-in"], [data-view="loading"])').waitFor();
}

/** Does something on the page that asks the server for nothing, and so starts nothing. */
export async function asksNothing(page, act) {
  const asked = [];
  const note = (request) => asked.push(`${request.method()} ${request.url()}`);
  page.on("request", note);
  await act();
  // Whatever the page does about it is done, or has been asked for, once it has painted twice.
  await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
  page.off("request", note);
  assert.deepEqual(asked, []);
}

/** Waits until the button can be pressed. */
export const ready = (page) => start(page).and(page.locator(":enabled")).waitFor();

export const start = (page) => page.locator("#start");

/** The page has no room to scroll sideways. */
export async function fits(page) {
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(beyond, 0, "nothing sticks out at the side");
}
