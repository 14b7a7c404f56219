// A run is watched while the network fails, comes back, and the tab sleeps: the page says so, keeps what it knows, and shows in the end what
// is kept of the run.

import assert from "node:assert/strict";
import { connect, createServer } from "node:net";

import { ask, signIn, until } from "../../acts.mjs";
import { accessible, headline } from "./acts.mjs";

const GONE = "The server does not answer; trying again";

/** Stands between the browser and the server, and lets nothing through while it is cut. */
async function wire(url) {
  const [{ hostname, port }, lines] = [new URL(url), new Set()];
  let cut = false;
  const server = createServer((line) => {
    if (cut) return line.destroy();
    const on = connect(Number(port), hostname);
    for (const end of [line, on]) {
      lines.add(end);
      end.on("error", () => undefined).on("close", () => [line, on].forEach((other) => lines.delete(other.destroy())));
    }
    line.pipe(on).pipe(line);
  });
  await new Promise((listens) => server.listen(0, "127.0.0.1", listens));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    cut: () => { cut = true; lines.forEach((end) => end.destroy()); },
    mend: () => { cut = false; },
    end: () => { server.close(); lines.forEach((end) => end.destroy()); },
  };
}

export default async ({ world, open, picture }) => {
  const between = await wire(world.url);
  try {
    await watch(between, { world, open, picture });
  } finally {
    between.end();
  }
};

async function watch(between, { world, open, picture }) {
  const page = await open();
  await page.goto(`${between.url}/plugins/maid`);
  await signIn(page, "admin", world.password);
  await headline(page, "Load tests");
  const { run_id: id } = await ask(world, world.admin, "/run", { method: "POST", body: JSON.stringify({ loadtest: world.loadtest }) });
  await page.getByRole("link", { name: /Shop front/ }).first().click();
  await headline(page, "Shop front");
  const requests = page.locator("[data-figure=requests]");
  const shown = () => requests.textContent();
  await until("figures come", async () => (await requests.count()) > 0 && (await shown()) !== "0");

  await page.locator("figure canvas").nth(2).waitFor();
  const rules = page.getByRole("region", { name: "Thresholds so far" });
  await rules.getByRole("row").filter({ hasText: "p95 < 10s" }).getByText("holds", { exact: true }).waitFor();

  await refused({ world, open, picture }, id);
  const steady = await beside({ world, open }, id);
  between.cut();
  await page.getByText(GONE).first().waitFor();
  const known = await shown();
  assert.match(known, /^[1-9]/, "what is known stays");
  await page.getByText(/^as of /).first().waitFor();
  assert.equal(await page.getByText("last second").count(), 0, "and is not called new");
  await accessible(page);
  await picture(page, "cut-off");
  between.mend();
  await page.getByText(GONE).first().waitFor({ state: "detached" });
  await until("figures move again", async () => (await shown()) !== known);

  // A page that cannot be loaded says so, and comes by itself when it can.
  between.cut();
  await page.getByRole("link", { name: "Analytics" }).click();
  await headline(page, "This page has not arrived");
  between.mend();
  await headline(page, "Analytics");
  // The browser has words of its own for what did not arrive.
  page.broken = page.broken.filter((said) => !/preload|dynamically imported/.test(said));
  await page.goBack();
  await headline(page, "Shop front");
  await until("figures come", async () => (await requests.count()) > 0 && (await shown()) !== "0");

  // The tab sleeps until the run is over.
  const browser = await page.context().newCDPSession(page);
  await browser.send("Page.setWebLifecycleState", { state: "frozen" });
  await ask(world, world.admin, "/stop", { method: "POST", body: JSON.stringify({ run_id: id }) });
  await until("the run is over", async () => (await ask(world, world.admin, `/runs/${id}`)).status === "stopped");
  await browser.send("Page.setWebLifecycleState", { state: "active" });
  await page.getByRole("button", { name: "Export" }).waitFor();
  await page.getByRole("status").getByText("The run is over. Stopped.").waitFor({ state: "attached" });
  const kept = await ask(world, world.admin, `/runs/${id}`);
  const told = kept.requests < 10_000 ? new Intl.NumberFormat("en-GB") : new Intl.NumberFormat("en-GB", { notation: "compact", maximumFractionDigits: 1 });
  await until("what is shown is what is kept", async () => (await shown()) === told.format(kept.requests));
  await picture(page, "awake");

  // How answers were spread was told as it is kept: every whole step once, to the last answer.
  const { series, phases } = await ask(world, world.admin, `/runs/${id}/report.json`);
  const { steps, begun } = steady();
  assert.ok(steps.length >= 3, `${steps.length} steps`);
  // So were the phases; that requests are waited for at the end counts as one where any came.
  for (const [place, { name, start_s }] of phases.entries()) {
    const { phase, start_s: told } = begun[place] ?? {};
    assert.ok(phase === name && Math.abs(told - start_s) < 0.002, `${name} at ${start_s} s: ${JSON.stringify(begun)}`);
  }
  assert.equal(await page.getByRole("list", { name: "Phases" }).getByRole("listitem").count(), phases.length);
  for (const { at_s, step_s, classes } of steps) assert.deepEqual([step_s, classes], [series.step_s, series.classes[series.at_s.indexOf(at_s)]]);
}

/** Somebody behind a proxy that lets no WebSocket through: asks, and sees all the same. */
async function refused({ world, open, picture }, id) {
  const page = await open();
  await page.routeWebSocket("**/api/maid/ws", (socket) => socket.close());
  await page.goto(`${world.url}/plugins/maid/results/${id}`);
  await signIn(page, "admin", world.password);
  await headline(page, "Shop front");
  await page.getByText("Live updates are blocked; asking every two seconds").waitFor();
  const requests = page.locator("[data-figure=requests]");
  await requests.waitFor();
  const first = await requests.textContent();
  await until("figures move", async () => (await requests.textContent()) !== first);
  for (const part of [page.locator("figure canvas").nth(2), page.locator("tr polyline").first(), page.getByRole("list", { name: "Phases" })]) await part.waitFor();
  await accessible(page);
  await picture(page, "polled");
  await page.close();
}

/** Somebody who watches the run without being cut off: sees how answers are spread while it goes on. Gives what was told of that. */
async function beside({ world, open }, id) {
  const page = await open();
  const told = { steps: [], begun: [] };
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      for (const { run_id, data } of [JSON.parse(payload)].flat()) {
        if (run_id !== id) continue;
        if (data?.spread) told.steps.push(data.spread);
        if (data?.phases) told.begun = data.phases;
      }
    }),
  );
  await page.goto(`${world.url}/plugins/maid/results/${id}`);
  await signIn(page, "admin", world.password);
  await headline(page, "Shop front");
  const heat = page.getByRole("figure", { name: "How response times were spread" }).locator("canvas");
  await heat.waitFor();
  const painted = () => heat.evaluate((canvas) => new Set(new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size);
  await until("several shades are painted", async () => (await painted()) > 4);
  await page.getByRole("list", { name: "Phases" }).getByText("Running").waitFor();
  const line = page.locator("tr polyline").first();
  const points = async () => ((await line.getAttribute("points")) ?? "").split(" ").length;
  await until("the line of a request grows", async () => (await points()) >= 2);
  return () => told;
}
