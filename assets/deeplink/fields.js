// Inputs for what a link leaves open: one for each parameter, of the right kind, and for variables.

import { bdi, el } from "./dom.js";
import { number, say } from "./words.js";

/** A parameter's name as people read it. */
export function labelOf(name) {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A value as people read it. */
export const shown = (value) => (typeof value === "boolean" ? say(value ? "yes" : "no") : String(value));

/** Milliseconds of a duration such as `1h30m`; null where it is none. */
export function duration(text) {
  const parts = /^(?=.)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(String(text).trim());
  if (!parts) return null;
  const [hours, minutes, seconds, millis] = parts.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600000 + minutes * 60000 + seconds * 1000 + millis;
}

const bound = (value) => (typeof value === "number" ? number(value, 6) : String(value));

function bounds({ min, max, unit }) {
  const known = (value) => value !== null && value !== undefined;
  const of = { min: bound(min), max: bound(max) };
  const words = known(min) && known(max) ? say("from_to", of) : known(min) ? say("from", of) : known(max) ? say("to", of) : "";
  return words && unit ? `${words} ${unit}` : words;
}

/** Why `text` will not do for a parameter; null where it does. */
export function wrong(parameter, text) {
  const { type, required, min, max } = parameter;
  const none = parameter.default === null || parameter.default === undefined;
  if (text === "") return required || none ? "missing" : null;
  let value, read;
  if (type === "integer" || type === "number") {
    [value, read] = [Number(text), Number];
    if (!Number.isFinite(value)) return "not_a_number";
    if (type === "integer" && !/^[+-]?\d+$/.test(text.trim())) return "not_whole";
  } else if (type === "duration") {
    [value, read] = [duration(text), duration];
    if (value === null) return "not_a_duration";
  } else {
    return null;
  }
  if (min !== null && min !== undefined && value < read(min)) return "too_small";
  if (max !== null && max !== undefined && value > read(max)) return "too_large";
  return null;
}

function control(parameter, id, text) {
  const common = { id, name: id, "aria-required": parameter.required ? "true" : null, autocomplete: "off" };
  const numeric = { ...common, type: "number", min: parameter.min, max: parameter.max };
  switch (parameter.type) {
    case "boolean":
      return el("input", { ...common, type: "checkbox", checked: text === "true" });
    case "choice":
      return el("select", common, text === "" && el("option", { value: "" }, say("choose")),
        (parameter.choices ?? []).map((choice) => el("option", { value: choice, selected: choice === text }, choice)));
    case "integer":
      return el("input", { ...numeric, step: 1, value: text });
    case "number":
      return el("input", { ...numeric, step: "any", value: text });
    case "secret":
      // Nothing that the browser keeps for this site belongs in here, and what is typed is not kept.
      return el("input", { ...common, type: "password", autocomplete: "new-password", value: text, spellcheck: "false" });
    default:
      return el("input", { ...common, type: "text", value: text, spellcheck: "false", autocapitalize: "off" });
  }
}

function revealing(input, label) {
  const button = el("button", { type: "button", class: "quiet", "aria-label": say("show_what", { name: label }), "aria-pressed": "false" }, say("show"));
  button.addEventListener("click", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    button.textContent = say(hidden ? "hide" : "show");
    button.setAttribute("aria-pressed", String(hidden));
  });
  return button;
}

/**
 * An input for `parameter`. `first` is what it holds at first; `changed` is called when it holds something else.
 */
export function field(parameter, prefix, first, changed) {
  const id = `${prefix}.${parameter.name}`;
  const label = prefix === "env" ? parameter.name : labelOf(parameter.name);
  const isSecret = parameter.type === "secret";
  const given = parameter.default === null || parameter.default === undefined || isSecret ? "" : String(parameter.default);
  const input = control(parameter, id, first ?? given);
  const text = () => (input.type === "checkbox" ? String(input.checked) : input.value);
  const error = el("p", { id: `${id}.error`, class: "error", role: "alert", hidden: true });
  const example = given === "" && !isSecret && parameter.example !== null && parameter.example !== undefined;
  const hints = [bounds(parameter), example && say("example", { example: String(parameter.example) }), isSecret && parameter.default && say("default_is_kept")];
  const help = el("p", { id: `${id}.help`, class: "help" }, [parameter.help, ...hints].filter(Boolean).map((hint, at) => [at > 0 && " · ", bdi(hint)]));
  const problem = () => {
    const key = input.validity?.badInput ? "not_a_number" : parameter.type === "boolean" ? null : wrong(parameter, text());
    return key && { key, text: say(key, { min: bound(parameter.min), max: bound(parameter.max) }) };
  };
  const tell = (message) => {
    error.textContent = message ?? "";
    error.hidden = !message;
    input.setAttribute("aria-invalid", String(Boolean(message)));
    input.setAttribute("aria-describedby", message ? `${id}.help ${id}.error` : `${id}.help`);
  };
  tell(null);
  input.addEventListener("input", () => {
    tell(null);
    changed();
  });
  input.addEventListener("change", () => tell(problem()?.text));
  const name = el("label", { for: id }, prefix === "env" ? el("code", {}, label) : label,
    parameter.unit && el("span", { class: "soft" }, ` (${parameter.unit})`),
    parameter.required && el("span", { class: "soft" }, ` – ${say("required")}`));
  const box = parameter.type === "boolean" ? el("div", { class: "check" }, input, name) : [name, el("div", { class: "input" }, input, isSecret && revealing(input, label))];
  return {
    id, label, input, problem, tell, text,
    name: parameter.name,
    node: el("div", { class: "field" }, box, help, error),
    /** Whether it holds something else than what the link was shown with. */
    differs: () => !isSecret && text() !== String(parameter.default ?? parameter.example ?? (parameter.type === "boolean" ? false : "")),
    value: () => {
      if (parameter.type === "boolean") return input.checked;
      if (text() === "") return undefined;
      return parameter.type === "integer" || parameter.type === "number" ? Number(text()) : text();
    },
  };
}
