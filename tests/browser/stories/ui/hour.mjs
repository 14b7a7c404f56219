// An hour of a run that goes on, four times a second: the page takes no more memory at its end than after a quarter, and still draws. The
// server's side of the stream is played here, an hour in a few seconds and then some seconds as they would be; how well the page did is
// printed.

import assert from "node:assert/strict";

import { ask, signIn, until } from "../../acts.mjs";
import { headline, ui } from "./acts.mjs";

const [HOUR_S, A_SECOND, WATCHED_S] = [3_600, 4, 5];
const REQUESTS = 20;
/** What the page may hold more at the end than after a quarter of the hour, in bytes. */
const GROWTH = 8 << 20;

const wave = (at, least, most) => least + ((1 + Math.sin(at / 97)) * (most - least)) / 2;
const request = (at) => (_, number) => ({
  name: `GET /${number}`, method: "GET", requests: Math.round(at * 50), failures: number, rps: wave(at + number, 40, 60),
  p50_ms: 4 + number, p95_ms: wave(at, 9, 30) + number, p99_ms: wave(at, 20, 90) + number,
});
/** Two groups of answers, ten classes wide. */
const spread = (at) => [6, ...Array.from({ length: 10 }, (_, place) => Math.round(wave(at + place * 40, 0, 200)))];
const told = (at) => ({
  phase: "maintain", elapsed_s: at, progress: at / HOUR_S, users: 500, users_planned: 500, requests: Math.round(at * 2),
  failures: Math.round(at), rps: wave(at, 800, 1_200), failures_per_s: wave(at, 0, 3), p50_ms: wave(at, 4, 9), p95_ms: wave(at, 20, 60),
  p99_ms: wave(at, 60, 200), generator_cpu_percent: 40, top_errors: [{ message: "status 503", count: Math.round(at) }],
  // Of every request once a second, as the server does.
  ...(at % 1 === 0 ? { by_request: Array.from({ length: REQUESTS }, request(at)), spread: { at_s: at, step_s: 1, classes: spread(at) } } : {}),
});

/** Plays the server's side of one run. */
async function stream(page, id) {
  let socket;
  let seq = 0;
  await page.routeWebSocket("**/api/maid/ws", (opened) => {
    socket = opened;
    opened.onMessage((message) => {
      const { subscribe } = JSON.parse(message);
      if (!subscribe) opened.send(JSON.stringify({ topic: "pong" }));
    });
  });
  return (at) => socket.send(JSON.stringify({ topic: "maid:metrics", seq: ++seq, at: new Date().toISOString(), run_id: id, data: told(at) }));
}

async function held(browser) {
  await browser.send("HeapProfiler.collectGarbage");
  const { metrics } = await browser.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "JSHeapUsedSize").value;
}

async function busy(browser) {
  const { metrics } = await browser.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration").value;
}

export default async ({ world, open, picture }) => {
  const page = await open();
  const run = await ask(world, world.admin, `/runs/${world.run}`);
  const goesOn = { ...run, status: "running", ended_at: null, passed: null, verdict: null, latency_ms: null, analysis: null, ended_because: null };
  await page.route(`**/api/maid/runs/${world.run}`, (route) => route.fulfill({ json: goesOn }));
  const tell = await stream(page, world.run);
  await page.goto(ui(world, `/results/${world.run}`));
  await signIn(page, "admin", world.password);
  await headline(page, run.name);
  const shown = (at) =>
    until(`${at} s are shown`, async () => (await page.locator("[data-figure=requests]").textContent())?.replace(/\D/g, "") === `${told(at).requests}`);
  await until("the page listens", async () => {
    tell(0.25);
    return (await page.locator("[data-figure=requests]").count()) > 0;
  });
  await page.locator("figure canvas").first().waitFor();

  const browser = await page.context().newCDPSession(page);
  await browser.send("Performance.enable");
  let quarter = 0;
  for (let at = 0; at <= HOUR_S; at += 1 / A_SECOND) {
    tell(at);
    // What was told is drawn before more of it comes.
    if (at % 30 === 0) await shown(at);
    if (at === HOUR_S / 4) quarter = await held(browser);
  }
  // All of it is in sight, as long as nobody has looked at a part.
  const ends = () => page.locator("figure [data-until]").evaluateAll((plots) => plots.map((plot) => Number(plot.dataset.until)));
  await until("the charts show the hour", async () => (await ends()).every((second) => second >= HOUR_S - 60));
  const grown = (await held(browser)) - quarter;

  // Some seconds as they would be: frames are counted by the page itself.
  const frames = page.evaluate((ms) => new Promise((counted) => {
    let count = 0;
    const begun = performance.now();
    const next = (now) => (now - begun > ms ? counted((count * 1000) / (now - begun)) : (count++, requestAnimationFrame(next)));
    requestAnimationFrame(next);
  }), WATCHED_S * 1000);
  const before = await busy(browser);
  let at = HOUR_S;
  const ticks = setInterval(() => tell((at += 1 / A_SECOND)), 1000 / A_SECOND);
  const perSecond = await frames;
  clearInterval(ticks);
  const core = (await busy(browser)) - before;
  await picture(page, "after-an-hour");
  console.log(JSON.stringify({ frames_per_s: Math.round(perSecond), core_percent: Math.round((core / WATCHED_S) * 100), grown_kib: Math.round(grown / 1024) }));
  assert.ok(grown < GROWTH, `${grown} bytes more`);
  if (world.bars) {
    assert.ok(perSecond >= 50, `${perSecond} frames a second`);
    assert.ok(core / WATCHED_S < 0.3, `${(core / WATCHED_S) * 100} % of a core`);
  }
};
