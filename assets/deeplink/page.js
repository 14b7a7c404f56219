// Shows what a link would run and runs it when, and only when, somebody presses the button.

import * as address from "./address.js";
import * as api from "./api.js";
import { confirm, problemText } from "./confirm.js";
import { el } from "./dom.js";
import { enter } from "./enter.js";
import { follow, verdict } from "./follow.js";
import { language, say } from "./words.js";

const main = document.getElementById("main");
const who = document.getElementById("who");
const announced = document.getElementById("announced");
const query = address.query();
// What was filled in; kept in memory alone, while the page is open.
const entered = new Map();

let leave = () => {};
let key = { of: null, is: null };
let views = 0;

const announce = (text) => announced.replaceChildren(text);

/** Puts a view in the place of the one before and tells where it begins. */
function show(name, nodes, title) {
  leave();
  leave = () => {};
  main.replaceChildren(...nodes);
  main.dataset.view = name;
  main.setAttribute("aria-busy", "false");
  document.title = `${title || main.querySelector("h1")?.textContent || say("page")} · MAID`;
  if (views > 0) main.querySelector("h1")?.focus({ preventScroll: true });
  if (views > 0) scrollTo(0, 0);
  views += 1;
}

function loading() {
  leave();
  leave = () => {};
  main.setAttribute("aria-busy", "true");
  main.dataset.view = "loading";
  main.replaceChildren(el("p", { class: "loading" }, say("loading")));
}

function signedIn(me) {
  const session = me && me.csrf_token;
  who.replaceChildren(...(me ? [el("span", {}, say("signed_in_as", { name: me.name }))] : []),
    ...(session ? [el("button", { type: "button", class: "quiet", on: { click: signOut } }, say("sign_out"))] : []));
}

async function signOut() {
  // Whoever comes next finds nothing of what was filled in. The view goes first: it notes what its inputs hold.
  loading();
  entered.clear();
  await api.signOut().catch(() => {});
  await open();
}

async function signIn(then, again = false) {
  signedIn(null);
  const nodes = await enter({ again, path: () => address.returnTo(query), done: then });
  show("sign-in", nodes);
}

/** A page that says why a link cannot be used and what to do. */
function refuse(problem, retry) {
  const kinds = { 0: "no_answer", 400: "damaged", 403: "forbidden", 404: "unknown", 410: "over", 414: "damaged", 422: "broken", 429: "too_often" };
  const kind = kinds[problem.status] ?? "failed";
  const again = [0, 403, 429].includes(problem.status) || problem.status >= 500;
  show("refused", [
    el("h1", { tabindex: -1 }, say(kind)),
    el("section", { class: "card", id: "refused" },
      problem.status > 0 && problemText(problem), el("p", {}, say(`${kind}_help`)), el("p", { class: "soft" }, say("nothing_was_started")),
      again && el("p", {}, el("button", { type: "button", on: { click: retry } }, say("try_again")))),
  ]);
}

/** Opens the link; `before` is what it held when it was shown last. */
async function open(before) {
  loading();
  address.follow(null);
  if (!query) {
    show("refused", [el("h1", { tabindex: -1 }, say("no_link")), el("section", { class: "card", id: "refused" }, el("p", {}, say("no_link_help")))]);
    return;
  }
  try {
    const me = await api.me();
    signedIn(me);
    const link = await api.open(query);
    present(link, me, before);
  } catch (problem) {
    if (problem.status === 401) await signIn(() => open(before));
    else if (problem.status !== undefined) refuse(problem, () => open(before));
    else throw problem;
  }
}

function present(link, me, before) {
  const view = confirm({ link, me, before, entered, begin: (wanted) => begin(link, wanted) });
  show("confirm", view.nodes, link.title);
  leave = view.leave;
}

async function begin(link, wanted) {
  const asked = { deeplink: address.deeplink(query), ...wanted };
  // The same thing asked for twice, because no answer came, is started once.
  const text = JSON.stringify(asked);
  if (key.of !== text) key = { of: text, is: api.uniqueKey() };
  try {
    // Whoever has signed in anew in another window is asked for another proof with what they send.
    signedIn(await api.me());
    const started = await api.start(asked, key.is);
    key = { of: null, is: null };
    watch(started.run_id, link.summary?.name);
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    if (problem.status !== 0) key = { of: null, is: null };
    if (problem.status === 401) await signIn(() => open(), true);
    else if (problem.status === 412) await open(link);
    else if (problem.status === 410 || problem.code === "bad_deeplink" || problem.code === "not_found") refuse(problem, () => open());
    else throw problem;
  }
}

async function watch(id, name) {
  address.follow(id);
  const gone = new AbortController();
  try {
    await follow({
      id, name, announce, signal: gone.signal,
      show: (nodes) => {
        show("run", nodes, name);
        leave = () => gone.abort();
      },
      over: (run) => {
        const { nodes, text } = verdict(run, () => open());
        show("verdict", nodes);
        announce(text);
      },
    });
  } catch (problem) {
    if (problem.status === 401) await signIn(() => resume(id), true);
    else if (problem.status !== undefined) lostRun();
    else throw problem;
  }
}

function lostRun() {
  show("refused", [el("h1", { tabindex: -1 }, say("no_run")), el("section", { class: "card" }, el("p", {}, say("no_run_help")),
    el("p", {}, el("button", { type: "button", on: { click: () => open() } }, say("back"))))]);
}

/** Goes on with a run that the address names. */
async function resume(id) {
  loading();
  try {
    signedIn(await api.me());
    await watch(id);
  } catch (problem) {
    if (problem.status === 401) await signIn(() => resume(id));
    else if (problem.status !== undefined) refuse(problem, () => resume(id));
    else throw problem;
  }
}

// What is folded is on paper too.
addEventListener("beforeprint", () => {
  for (const details of main.querySelectorAll("details:not([open])")) {
    details.open = true;
    details.dataset.printed = "";
  }
});
addEventListener("afterprint", () => {
  for (const details of main.querySelectorAll("details[data-printed]")) {
    details.open = false;
    delete details.dataset.printed;
  }
});

document.documentElement.lang = language;
const run = address.followed();
await (run ? resume(run) : open());
