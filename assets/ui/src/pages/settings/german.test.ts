import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

import { GERMAN } from "./german";
import { type Schema, sections } from "./schema";

const schema = JSON.parse(readFileSync("../../config.schema.json", "utf8")) as Schema;
const texts = (words?: Record<string, string>) =>
  sections(schema, words)
    .flatMap(({ says, settings }) => [says, ...settings.flatMap((one) => [one.says, ...one.choices.map((choice) => choice.says)])])
    .filter(Boolean);

it("says of every setting in German what the schema says, and nothing that it no longer does", () => {
  expect(new Set(Object.keys(GERMAN))).toEqual(new Set(texts()));
  expect(new Set(texts(GERMAN))).toEqual(new Set(Object.values(GERMAN)));
});

it("keeps what is code as it is", () => {
  const code = (text: string) => text.match(/`[^`]*`/g) ?? [];
  for (const [english, german] of Object.entries(GERMAN)) expect(new Set(code(german))).toEqual(new Set(code(english)));
});
