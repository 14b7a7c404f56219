// Values of the configuration: read and put by their keys, compared, and looked at before they are sent.

import { fieldsOf, type Fits, recordOf } from "~/parts/fits";

import type { Json, Setting } from "./schema";

/** A change that is not saved yet; without `to` the key falls back to what is below it. */
export interface Edit {
  to?: Json;
}
export type Edits = Record<string, Edit>;

const isJson = (_: unknown): _ is Json | undefined => true;
/** Of what was read of JSON; whether a value is right is told beside it. */
export const isEdits: Fits<Edits> = recordOf(fieldsOf<Edit>({ to: isJson }));

export function at(tree: unknown, key: string): Json | undefined {
  let found = tree as Json | undefined;
  for (const name of key.split(".")) {
    if (found === null || typeof found !== "object" || Array.isArray(found)) return undefined;
    found = found[name];
  }
  return found;
}

type Tree = { [key: string]: Json };

/** The runtime file with the changes in it. */
export function edited(runtime: unknown, edits: Edits): Tree {
  return Object.entries(edits).reduce((tree, [key, { to }]) => put(tree, key.split("."), to), { ...(runtime as Tree) });
}

function put(tree: Tree, [name = "", ...rest]: string[], value: Json | undefined): Tree {
  const { [name]: old, ...others } = tree;
  if (rest.length === 0) return value === undefined ? others : { ...tree, [name]: value };
  const inner = put(isTree(old) ? old : {}, rest, value);
  return Object.keys(inner).length === 0 ? others : { ...tree, [name]: inner };
}

/** The edits after which the runtime file has what it had before a change, where it has something else. */
export function undone(change: { before: unknown; after: unknown }, runtime: unknown, isOpen: (key: string) => boolean): Edits {
  const [before, after] = [change.before, change.after] as Tree[];
  const keys = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const wanted = keys.filter((key) => isOpen(key) && !same(at(runtime, key), before?.[key]));
  return Object.fromEntries(wanted.map((key) => [key, before?.[key] === undefined ? {} : { to: before[key] }]));
}

const isTree = (value: Json | undefined): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export type Wrong = { text: "config.wrong_needed" | "config.wrong_duration" | "config.wrong_form" } | {
  text: "config.wrong_min" | "config.wrong_max" | "config.wrong_length";
  values: { bound: number };
};

/** What is wrong with a value, as far as the schema tells. The server looks again. */
export function wrong(setting: Setting, value: Json): Wrong | null {
  if (setting.kind === "number") return wrongNumber(setting, value);
  if (typeof value !== "string") return null;
  if (setting.kind === "object") return { text: "config.wrong_form" };
  if (setting.kind === "duration") return RegExp(setting.pattern ?? "").test(value) ? null : { text: "config.wrong_duration" };
  if (value.length < (setting.least ?? 0)) return { text: "config.wrong_needed" };
  if (value.length > (setting.most ?? Infinity)) return { text: "config.wrong_length", values: { bound: setting.most ?? 0 } };
  return null;
}

function wrongNumber({ min, max }: Setting, value: Json): Wrong | null {
  if (typeof value !== "number") return { text: "config.wrong_needed" };
  if (min !== undefined && value < min) return { text: "config.wrong_min", values: { bound: min } };
  if (max !== undefined && value > max) return { text: "config.wrong_max", values: { bound: max } };
  return null;
}

const UNITS = ["KiB", "MiB", "GiB"];

/** Large sizes as people read them: `10 MiB`. */
export function size(setting: Setting, value: Json | undefined, language: string): string | null {
  const scale = /in bytes/.test(setting.says) ? 1 : /in KiB/.test(setting.says) ? 1024 : 0;
  if (typeof value !== "number" || value * scale < 1024) return null;
  const power = Math.min(UNITS.length, Math.floor(Math.log2(value * scale) / 10));
  const told = new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format((value * scale) / 1024 ** power);
  return `${told} ${UNITS[power - 1]}`;
}
