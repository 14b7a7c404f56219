import { expect, test } from "vitest";

import type { SearchHit } from "~/api/schema";

import { alikeBy, testsOf } from "./like-this";

const hit = (id: string, name: string, text: number | null = 1, meaning: number | null = null): SearchHit => ({
  kind: "run", id, title: { text: name, marks: [] }, snippet: { text: "", marks: [] }, at: null, ranks: { text, meaning }, score: 0,
});

test("each test is told once, by the run that is most alike", () => {
  const found = testsOf([hit("0", "Own"), hit("1", "Shop"), hit("2", "Search"), hit("3", "Shop"), hit("4", "Own")], "Own");
  expect(found.map(({ hit, others }) => [hit.id, others])).toEqual([["1", true], ["2", false]]);
  expect(testsOf([], "Own")).toEqual([]);
});

test("what is alike is its words, its meaning, or both", () => {
  const keys = [hit("1", "a", 1, 2), hit("1", "a", 1, null), hit("1", "a", null, 2), hit("1", "a", null, null)].map(alikeBy);
  expect(keys).toEqual(["like.by_both", "like.by_words", "like.by_meaning", null]);
});
