// A run that goes on, second by second, and what became of it.

import * as api from "./api.js";
import { bdi, el, facts, list } from "./dom.js";
import { measure, number, say, seconds } from "./words.js";

const EACH = 1000;
const PHASES = ["increase", "maintain", "decrease", "shutdown"];
const OVER = ["completed", "stopped", "failed"];

const pause = (millis, signal) => new Promise((resolve) => {
  const timer = setTimeout(resolve, millis);
  signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
});

/** Where run `id` is: its phase and figures while it goes on, what is stored of it otherwise. */
async function look(id) {
  const now = await api.status();
  if (now.run_id === id && PHASES.includes(now.phase)) return { phase: now.phase, now };
  const run = await api.run(id);
  if (OVER.includes(run.status)) return { over: true, run };
  return { phase: run.status === "queued" ? "queued" : "starting", now: { ...now, users: 0, rps: 0, elapsed_s: 0, progress: null, requests: run.requests ?? 0, failures: run.failures ?? 0 }, run };
}

function tiles(rows) {
  return el("dl", { class: "tiles" }, rows.filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value, bad]) => el("div", { class: bad && "bad" }, el("dt", {}, name), el("dd", {}, value))));
}

const figures = (now) => tiles([
  [say("users"), number(now.users)],
  [say("requests"), number(now.requests)],
  [say("failures"), number(now.failures), now.failures > 0],
  [say("rps"), measure(now.rps)],
  [say("elapsed"), seconds(now.elapsed_s)],
]);

/**
 * Follows run `id` in the place of `show(nodes)` until it is over or `signal` says that nobody looks any more.
 * `announce` says what changes to whoever listens; `back` leads to the link again.
 */
export async function follow({ id, name, show, announce, back, signal, over }) {
  const heading = el("h1", { tabindex: -1, dir: "auto" }, name ?? say("running"));
  const phase = el("p", { class: "phase" });
  const bar = el("progress", { max: 1, "aria-label": say("progress") });
  const box = el("div", {});
  const told = el("div", { role: "alert" });
  const stop = el("button", { type: "button", id: "stop" }, say("stop"));
  let last = null;
  stop.addEventListener("click", async () => {
    stop.disabled = true;
    stop.textContent = say("stopping");
    try {
      await api.stop(id);
    } catch (problem) {
      // One that is over meanwhile shows that itself.
      if (problem.code !== "no_run_active") told.replaceChildren(el("p", { lang: "en", class: "care" }, problem.detail || say("no_answer")));
      stop.disabled = false;
      stop.textContent = say(last === "queued" ? "leave_queue" : "stop");
    }
  });
  show([heading, el("section", { class: "card", id: "running" }, phase, bar, box, told, el("p", { class: "press" }, stop, el("span", { class: "help" }, say("may_close"))))]);

  let wait = EACH;
  while (!signal.aborted) {
    try {
      const seen = await look(id);
      if (signal.aborted) return;
      wait = EACH;
      if (seen.over) return over(seen.run);
      if (seen.run?.name && !name) heading.textContent = name = seen.run.name;
      if (last !== seen.phase) {
        last = seen.phase;
        const text = say(`phase_${last}`);
        announce(text);
        if (!stop.disabled) stop.textContent = say(last === "queued" ? "leave_queue" : "stop");
      }
      phase.textContent = say(`phase_${last}`) + (last === "queued" ? ` · ${say("queued", { count: seen.now.queued })}` : "");
      const known = seen.now.progress;
      if (known === null || known === undefined) bar.removeAttribute("value");
      else bar.value = known;
      box.replaceChildren(figures(seen.now));
    } catch (problem) {
      if (problem.status === 401 || problem.status === 403 || problem.status === 404) throw problem;
      phase.textContent = say("lost");
      wait = Math.min(problem.retryAfter ? problem.retryAfter * 1000 : wait * 2, 10 * EACH);
    }
    await pause(wait, signal);
  }
}

function thresholds(judged) {
  if (!judged?.length) return el("p", { class: "soft" }, say("no_thresholds"));
  return el("ul", { class: "thresholds" }, judged.map(({ rule, passed, observed_text }) =>
    el("li", { class: passed ? "good" : "bad" }, el("span", { class: "mark", "aria-hidden": "true" }, passed ? "✓" : "✗"),
      el("span", {}, el("code", {}, rule), el("span", { class: "soft" }, ` ${say("observed")}: ${observed_text} · `), el("strong", {}, say(passed ? "held" : "broke"))))));
}

/** What became of a run: a word, why, the figures, each threshold, and the way to the report. */
export function verdict(run, back) {
  const judged = run.verdict?.thresholds ?? [];
  const broken = judged.filter(({ passed }) => !passed).length;
  const whole = run.status === "completed";
  const word = !whole ? `ended_${run.status}` : run.passed === true ? "passed" : run.passed === false ? "not_passed" : "ended";
  const tone = run.passed === false || run.status === "failed" ? "bad" : whole && run.passed ? "good" : "";
  const why = judged.length === 0 ? null : broken === 0 ? say("all_held") : say("some_failed", { count: broken, all: judged.length });
  const latency = run.latency_ms;
  const ms = (value) => (run.requests > 0 && Number.isFinite(value) ? `${measure(value)} ms` : null);
  const counted = (value) => (Number.isFinite(value) ? number(value) : null);
  const nodes = [
    el("h1", { tabindex: -1, dir: "auto" }, run.name),
    el("section", { class: `card verdict ${tone}`, id: "verdict" },
      el("p", { class: "word" }, say(word)), why && el("p", {}, why),
      run.ended_because && el("p", { lang: "en", dir: "auto" }, run.ended_because),
      tiles([
        [say("requests"), counted(run.requests)], [say("failures"), counted(run.failures), run.failures > 0],
        [say("rps"), Number.isFinite(run.rps) ? measure(run.rps) : null],
        [say("p95"), ms(latency?.p95)], [say("p99"), ms(latency?.p99)],
        [say("users"), counted(run.users_max)], [say("elapsed"), Number.isFinite(run.duration_s) ? seconds(run.duration_s) : null],
      ]),
      run.verdict && [el("h2", {}, say("thresholds")), thresholds(judged)],
      el("p", { class: "press" },
        run.verdict && el("a", { class: "primary", id: "report", href: api.reportOf(run.run_id), target: "_blank", rel: "noopener noreferrer" }, say("report")),
        el("button", { type: "button", id: "back", on: { click: back } }, say("back")))),
  ];
  return { nodes, text: [say(word), why].filter(Boolean).join(". ") };
}
