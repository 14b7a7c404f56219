// What a link would run, and the one button that runs it.

import { changedFacts, changedLines } from "./changes.js";
import { bdi, el, facts, folded, list, section } from "./dom.js";
import { field, labelOf, shown } from "./fields.js";
import { depends, filled, target } from "./target.js";
import { date, distance, say } from "./words.js";

// A page that comes to the front under somebody's second click takes no click for so long, in ms.
const SETTLING = 500;

/** Who made a link, for how long and how often it is good. */
function provenance(link, me) {
  const { recipe, kind } = link;
  const name = kind === "recipe" ? recipe?.title ?? link.recipe_id : link.preset;
  const maker = link.owner === me.id ? say("made_by_you") : say("made_by", { name: link.owner_name ?? link.owner });
  const uses = link.max_uses === null || link.max_uses === undefined ? say("uses_unbounded")
    : say("uses_left", { count: link.uses_left ?? 0, most: link.max_uses });
  const parts = [
    say(`kind_${kind}`, { name: String(name ?? "") }),
    `${maker} ${say("made_at", { date: date(link.created_at) })}`,
    link.expires_at && say("valid_until", { date: date(link.expires_at), distance: distance(link.expires_at) }),
    uses,
  ];
  return el("ul", { class: "meta" }, parts.filter(Boolean).map((part) => el("li", {}, bdi(part))));
}

/** Where load is sent; it follows what is filled in, where the recipe's targets do. */
function targets(link, values) {
  const templates = link.recipe?.loadtest?.target?.hosts ?? [];
  const open = new Set(link.open_parameters ?? []);
  const names = [...templates.join(" ").matchAll(/\$\{param:([a-z0-9_]+)\}/g)].map((found) => found[1]);
  const follows = depends(templates) && names.some((name) => open.has(name));
  const box = el("div", { class: "targets" });
  const update = () => {
    const known = follows ? filled(templates, values()) : link.summary?.targets ?? filled(templates, values());
    box.replaceChildren(known?.length ? list(known.map(target)) : el("p", {}, say("targets_unknown")));
    if (follows && known) box.append(el("p", { class: "help" }, say("targets_follow")));
  };
  update();
  return { update, node: section({ class: "card warn", id: "targets" }, say("targets"), box) };
}

function happens(link) {
  const { summary } = link;
  const more = summary?.requests_more > 0 && el("p", { class: "soft" }, say("requests_more", { count: summary.requests_more }));
  const differing = el("p", { class: "help", hidden: true });
  const rows = summary && [
    [say("test"), bdi(summary.name)],
    [say("load"), el("span", { lang: "en" }, summary.load)],
    [say("requests"), summary.requests?.length ? [list(summary.requests.map((one) => el("code", {}, one)), { class: "plain" }), more] : null],
    [say("thresholds"), list(summary.thresholds?.map((one) => el("code", {}, one)), { class: "plain" }) ?? say("no_thresholds")],
  ];
  const node = section({ class: "card", id: "happens" }, say("what_happens"), link.recipe?.summary && el("p", { class: "lead" }, bdi(link.recipe.summary)), rows && facts(rows), differing);
  const update = (names) => {
    differing.hidden = names.length === 0 || !summary;
    differing.textContent = say("with_defaults", { names: names.join(", ") });
  };
  return { node, update };
}

function inputs(link, entered, changed) {
  const open = new Set(link.open_parameters ?? []);
  const parameters = link.recipe?.parameters ?? [];
  const first = (prefix, name) => entered.get(`${prefix}.${name}`);
  const fields = parameters.filter((one) => open.has(one.name)).map((one) => field(one, "parameters", first("parameters", one.name), changed));
  const variables = (link.env ?? []).map((name) => {
    const parameter = { name, type: "secret", required: true, help: say("environment_help") };
    return field(parameter, "env", first("env", name), changed);
  });
  const fixed = parameters.filter((one) => Object.hasOwn(link.parameters ?? {}, one.name));
  const values = fixed.length > 0 && [el("h3", {}, say("values_fixed")), facts(fixed.map((one) => [
    el("span", { title: one.help }, labelOf(one.name), one.unit && ` (${one.unit})`), bdi(shown(link.parameters[one.name]))]))];
  const group = (heading, members) => members.length > 0 &&
    el("fieldset", { disabled: !link.may_run }, el("legend", {}, heading), members.map((member) => member.node));
  const asked = fields.length + variables.length > 0;
  const node = (asked || values) && el("form", { class: "card", id: "values", novalidate: true, autocomplete: "off" },
    el("h2", {}, say("values")), values, group(say("values_open"), fields), group(say("environment"), variables),
    asked && el("p", { class: "help" }, say("values_kept")));
  // Enter in an input would send the form: nothing is sent but by the button.
  node && node.addEventListener("submit", (event) => event.preventDefault());
  return { node: node || null, fields, variables };
}

function copyable(text) {
  const said = el("span", { class: "soft", role: "status" });
  const pre = el("pre", { tabindex: 0, "aria-label": say("whole_test"), dir: "ltr", translate: "no" }, text);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = say("copied");
    } catch {
      // Where there is no TLS, browsers only copy what is selected.
      getSelection().selectAllChildren(pre);
      said.textContent = say(document.execCommand("copy") ? "copied" : "not_copied");
    }
  };
  return [el("p", {}, el("button", { type: "button", class: "quiet", on: { click: copy } }, say("copy")), " ", said), pre];
}

/** A problem as people read it, with what the server says of single places. */
export function problemText(problem) {
  if (problem.status === 0) return [el("p", {}, say("unsure"))];
  const said = [problem.detail || problem.title, ...problem.errors.map(({ path, message }) => `${path}: ${message}`)];
  return [...new Set(said)].filter(Boolean).map((text) => el("p", { lang: "en", dir: "auto" }, text));
}

/** What changed since the link was shown. */
function changes(before, after) {
  const { was, is } = changedLines(before, after);
  const told = changedFacts(before, after);
  return el("div", { class: "card alert", role: "alert", id: "changed" }, el("h2", {}, say("has_changed")), el("p", {}, say("has_changed_help")),
    facts(told.map(([name, old, now]) => [say(name), [el("del", {}, `${say("was")}: ${old}`), el("ins", {}, `${say("is")}: ${now}`)]])),
    (was.length > 0 || is.length > 0) && el("details", { open: told.length === 0 }, el("summary", {}, say("changed_lines")),
      el("pre", { class: "diff", tabindex: 0, dir: "ltr", translate: "no" }, was.map((line) => el("del", {}, `- ${line}\n`)), is.map((line) => el("ins", {}, `+ ${line}\n`)))));
}

/**
 * What a link would run. `begin(wanted)` is called when the button is pressed, and answers when it is
 * over or throws a problem; `entered` holds what was filled in, should the view be made again.
 */
export function confirm({ link, me, before, entered, begin }) {
  let busy = false;
  let settled = false;
  const gone = new AbortController();
  const values = () => new Map([...Object.entries(link.parameters ?? {}).map(([name, value]) => [name, String(value)]),
    ...asked.fields.map((one) => [one.name, one.text()])]);
  const asked = inputs(link, entered, () => update());
  const all = [...asked.fields, ...asked.variables];
  const where = targets(link, values);
  const what = happens(link);
  const button = el("button", { type: "button", class: "primary", id: "start", "aria-describedby": "reason", on: { click: () => press(false) } }, say("start"));
  const reason = el("p", { id: "reason", "aria-live": "polite" });
  const told = el("div", { id: "told" });

  function refusal() {
    if (!link.may_run) return say("may_not_run", { name: me.name });
    const wrong = all.map((one) => [one, one.problem()]).filter(([, problem]) => problem);
    const named = (keep) => wrong.filter(([, problem]) => keep(problem.key)).map(([one]) => one.label).join(", ");
    const [missing, others] = [named((key) => key === "missing"), named((key) => key !== "missing")];
    return [missing && say("fill_in", { names: missing }), others && say("put_right", { names: others })].filter(Boolean).join(" ");
  }

  function update() {
    if (gone.signal.aborted) return;
    for (const one of all) entered.set(one.id, one.text());
    const why = refusal();
    const text = why || say("start_note");
    if (reason.textContent !== text) reason.textContent = text;
    reason.classList.toggle("care", Boolean(why));
    button.disabled = busy || !settled || Boolean(why);
    where.update();
    what.update(asked.fields.filter((one) => one.differs()).map((one) => one.label));
  }

  function settle() {
    settled = false;
    update();
    setTimeout(() => {
      settled = true;
      update();
    }, SETTLING);
  }

  async function press(queue) {
    if (busy || !settled || refusal()) return;
    busy = true;
    button.textContent = say("starting");
    told.replaceChildren();
    update();
    const given = (members) => Object.fromEntries(members.map((one) => [one.name, one.value()]).filter(([, value]) => value !== undefined));
    try {
      await begin({ seen: link.digest, parameters: given(asked.fields), env: given(asked.variables), queue });
    } catch (problem) {
      refused(problem);
    } finally {
      busy = false;
      button.textContent = say("start");
      update();
    }
  }

  function refused(problem) {
    for (const { path, message } of problem.errors ?? []) all.find((one) => one.id === path)?.tell(message);
    const active = problem.code === "run_active";
    const heading = problem.status === 0 ? say("no_answer") : say(active ? "run_active" : "not_started");
    told.replaceChildren(el("div", { class: "alert", role: "alert" }, el("h3", {}, heading), active ? el("p", {}, say("run_active_help")) : problemText(problem),
      active && el("p", {}, el("button", { type: "button", id: "queue", on: { click: () => press(true) } }, say("queue")))));
    all.find((one) => one.input.getAttribute("aria-invalid") === "true")?.input.focus();
  }

  const test = link.loadtest ?? link.recipe?.loadtest;
  const yaml = link.yaml ?? (test ? JSON.stringify(test, null, 2) : null);
  const nodes = [
    el("h1", { tabindex: -1, dir: "auto" }, link.title || link.summary?.name || say("page")),
    provenance(link, me),
    el("p", { class: "calm" }, say("nothing_started")),
    before && changes(before, link),
    where.node, what.node, asked.node,
    el("div", { class: "action" }, el("div", { class: "press" }, button, reason), told),
    yaml && folded(say("whole_test"), copyable(yaml)),
    link.recipe?.best_practices?.length > 0 && folded(say("best_practices"), list(link.recipe.best_practices.map(bdi))),
    link.recipe?.good_result?.length > 0 && folded(say("good_result"), list(link.recipe.good_result.map(bdi))),
  ];
  addEventListener("focus", settle, { signal: gone.signal });
  settle();
  return { nodes: nodes.filter(Boolean), leave: () => gone.abort() };
}
