// Where load is sent to, shown so that nobody takes one host for another.

import { bdi, el } from "./dom.js";

/** The texts of `templates` with values in the places of parameters; null where a value is missing. */
export function filled(templates, values) {
  let missing = false;
  const texts = templates.map((template) => String(template).replace(/\$\{param:([a-z0-9_]+)\}/g, (place, name) => {
    const value = values.get(name);
    if (value === undefined || value === "") missing = true;
    return value ?? place;
  }));
  return missing ? null : texts;
}

/** Whether any of `templates` has places of parameters. */
export const depends = (templates) => templates.some((template) => String(template).includes("${param:"));

/** A target with its host in bold; of a host in other letters, also how it is asked for. */
export function target(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    return bdi(text);
  }
  const written = text.toLowerCase().indexOf(url.host);
  if (!url.host || written < 0) return el("bdi", {}, text, url.host && el("strong", { class: "care" }, ` (${url.host})`));
  const end = written + url.host.length;
  return el("bdi", { dir: "ltr" }, text.slice(0, written), el("strong", {}, text.slice(written, end)), text.slice(end));
}
