import { describe, expect, it } from "vitest";

import { de, en, type Key } from "./texts";

const places = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1]).sort();

describe("texts", () => {
  it("have the same places in both languages", () => {
    for (const key of Object.keys(en) as Key[]) expect(places(de[key]), key).toEqual(places(en[key]));
  });

  it("say something in both languages", () => {
    for (const key of Object.keys(en) as Key[]) {
      expect(en[key].trim(), key).not.toBe("");
      expect(de[key].trim(), key).not.toBe("");
    }
  });

  it("belong to one part of the page each", async () => {
    const areas = import.meta.glob<Record<string, Record<string, unknown>>>("./areas/*.ts", { eager: true });
    const keys = Object.values(areas).flatMap((area) => Object.values(area).flatMap((texts) => Object.keys(texts)));
    expect(keys.length).toBe(new Set(keys).size);
    expect(keys.length, "every part is among the texts").toBe(Object.keys(en).length);
  });
});
