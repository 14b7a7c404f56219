// Says things in the language of whoever reads: texts, numbers, times.

import { TEXTS } from "./texts.js";

const NO_WAY_BACK = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** The first of a browser's languages that there are texts in. */
export function languageOf(wanted) {
  const known = (wanted ?? []).map((name) => String(name).toLowerCase().split("-")[0]);
  return known.find((name) => Object.hasOwn(TEXTS, name)) ?? "en";
}

export const language = languageOf(navigator.languages?.length ? navigator.languages : [navigator.language]);
const regional = (navigator.languages ?? []).find((name) => name.toLowerCase().startsWith(language)) ?? language;

/**
 * The text of `key` with `values` in its places. Of two texts for one and for many, `count` chooses.
 */
export function say(key, values = {}) {
  const texts = TEXTS[language];
  const text = texts[values.count === 1 ? `${key}_one` : key] ?? texts[key];
  if (text === undefined) throw new Error(`no text for ${key}`);
  return text.replace(/\{(\w+)\}/g, (place, name) => {
    const value = values[name];
    if (value === undefined) return place;
    if (typeof value === "number") return number(value);
    return NO_WAY_BACK.test(value) ? `\u2068${value}\u2069` : value;
  });
}

export const number = (value, digits = 0) =>
  new Intl.NumberFormat(regional, { maximumFractionDigits: digits }).format(value);

/** Requests per second and milliseconds: three figures are enough, and no more are true. */
export const measure = (value) => number(value, value < 10 ? 2 : value < 100 ? 1 : 0);

export const date = (text) =>
  new Intl.DateTimeFormat(regional, { dateStyle: "medium", timeStyle: "short" }).format(new Date(text));

/** How far away a time is, such as `in 3 days`. */
export function distance(text, now = Date.now()) {
  const seconds = (new Date(text) - now) / 1000;
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? units.at(-1);
  return new Intl.RelativeTimeFormat(regional, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** Seconds as `1 h 02 min` or `12.5 s`. */
export function seconds(value) {
  if (value < 60) return `${number(value, 1)} s`;
  const [hours, minutes, rest] = [Math.floor(value / 3600), Math.floor(value / 60) % 60, Math.floor(value % 60)];
  return hours ? `${hours} h ${minutes} min` : `${minutes} min ${rest} s`;
}
