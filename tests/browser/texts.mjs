// Every text is there in every language, with the same places, and none is left over: `node texts.mjs FOLDER`.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const load = async (name) => import(`data:text/javascript;base64,${readFileSync(join(folder, name)).toString("base64")}`);
const { TEXTS } = await load("texts.js");
const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

const [[, first], ...others] = Object.entries(TEXTS);
assert.ok(others.length > 0);
for (const [language, texts] of others) {
  assert.deepEqual(Object.keys(texts), Object.keys(first), language);
  for (const [key, text] of Object.entries(texts)) {
    assert.ok(text.trim(), `${language}: ${key} is empty`);
    if (!key.endsWith("_one")) assert.deepEqual(places(text), places(first[key]), `${language}: ${key}`);
    // A few words are the same; whole sentences are not.
    assert.ok(text !== first[key] || !text.includes(" "), `${language}: ${key} is not translated`);
  }
}

const scripts = readdirSync(folder).filter((name) => name.endsWith(".js") && name !== "texts.js");
const source = scripts.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
const unused = [];
for (const key of Object.keys(first)) {
  const base = key.replace(/_one$/, "");
  const [, family] = /^(kind|phase|ended)_/.exec(base) ?? [];
  const used = source.includes(`"${base}"`) || (family && source.includes(`\`${family}_$`)) || (base.endsWith("_help") && source.includes(`"${base.slice(0, -5)}"`));
  if (!used) unused.push(key);
}
assert.deepEqual(unused, [], "nothing is left over");
for (const [, key] of source.matchAll(/say\("(\w+)"/g)) assert.ok(Object.hasOwn(first, key), `there is no text for ${key}`);
console.log("complete");
