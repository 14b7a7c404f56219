// Makes elements. Texts become text nodes and nothing else: names in links are written by anybody.

/**
 * An element with attributes and children. `on` holds listeners by event; an attribute that is false,
 * null or undefined is left out, and one that is true is there without a value.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  node.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A text of unknown direction, which changes nothing of the text around it. */
export const bdi = (text) => el("bdi", {}, String(text));

/** A part of the page with a heading. */
export const section = (attributes, heading, ...children) =>
  el("section", attributes, heading && el("h2", {}, heading), ...children);

/** Something to open, closed at first. */
export const folded = (heading, ...children) =>
  el("details", {}, el("summary", {}, heading), el("div", { class: "folded" }, ...children));

/** Names and values; a row without a value is left out. */
export const facts = (rows) =>
  el("dl", { class: "facts" }, rows.filter(([, value]) => value !== null && value !== undefined && value !== false)
    .map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));

/** A list, or nothing where there is nothing in it. */
export const list = (items, attributes = {}) =>
  items?.length ? el("ul", attributes, items.map((item) => el("li", {}, item))) : null;
