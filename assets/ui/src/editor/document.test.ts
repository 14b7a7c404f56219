import { expect, test } from "vitest";

import { changed } from "./changed";
import { duplicate, fill, isReading, lineOf, move, push, put, read, told, untold } from "./document";

const text = `# Written by hand.
version: 1
name: "Shop"   # as it is called

target: {hosts: [http://127.0.0.1:1]}
load:
  users: 1 # few
scenarios:
- name: a
  weight: 9
  transactions:
  - {name: one, weight: 3, requests: [{path: /}]}
- name: b
  transactions: []
`;
const value = (written: string) => {
  const known = read(written);
  if (!isReading(known)) throw new Error(known.message);
  return known.value;
};

test("a change leaves every other line as it was written", () => {
  const lines = changed(text, (document) => put(document, ["load", "users"], 25)).split("\n");
  const old = text.split("\n");
  expect(lines.filter((line, index) => line !== old[index])).toEqual(["  users: 25 # few"]);
});

test("a value that holds no more gives way to one that does", () => {
  expect(value(changed("load: 5\nname: x\n", (document) => put(document, ["load", "users"], 3)))).toEqual({ load: { users: 3 }, name: "x" });
  expect(value(changed("load:\n", (document) => put(document, ["load", "arrival", "rate"], 3)))).toEqual({ load: { arrival: { rate: 3 } } });
});

test("what is written once and meant twice is changed in one place", () => {
  const shared = "a: &it\n  b: 1\nc: *it\nd: &all [1]\ne: *all\n";
  const after = changed(shared, (document) => {
    put(document, ["c", "b"], 2);
    push(document, ["e"], 2);
  });
  expect(value(after)).toEqual({ a: { b: 1 }, c: { b: 2 }, d: [1], e: [1, 2] });
});

test("entries are moved, doubled and taken out", () => {
  const names = (written: string) => (value(written)["scenarios"] as { name: string }[]).map(({ name }) => name);
  expect(names(changed(text, (document) => move(document, ["scenarios"], 0, 1)))).toEqual(["b", "a"]);
  expect(names(changed(text, (document) => duplicate(document, ["scenarios"], 0)))).toEqual(["a", "a 2", "b"]);
  expect(names(changed(text, (document) => put(document, ["scenarios", 0], undefined)))).toEqual(["b"]);
});

test("places are told as the server tells them", () => {
  const place = ["scenarios", 0, "transactions", 0, "requests"];
  expect(told(place)).toBe("scenarios[0].transactions[0].requests");
  expect(untold(told(place))).toEqual(place);
  const known = read(text);
  expect(isReading(known) && lineOf(known, ["scenarios", 1, "name"])).toBe(13);
  expect(read("a: [1\n")).toMatchObject({ line: 2 });
});

test("of a list only what differs is written anew", () => {
  const rows = (texts: string[]) => changed("a:\n  # Agreed.\n  - one # always\n  - two # at times\n  - three\nb: 1\n", (document) => fill(document, ["a"], texts));
  expect(rows(["one", "two", "four"])).toBe("a:\n  # Agreed.\n  - one # always\n  - two # at times\n  - four\nb: 1\n");
  expect(rows(["one", "2", "three"])).toBe("a:\n  # Agreed.\n  - one # always\n  - \"2\" # at times\n  - three\nb: 1\n");
  expect(value(rows(["two", "three"]))).toEqual({ a: ["two", "three"], b: 1 });
  expect(value(rows([]))).toEqual({ b: 1 });
  expect(value(rows(["x", "one", "two", "three", "y"]))["a"]).toEqual(["x", "one", "two", "three", "y"]);
  const pointed = changed("a: &l [one]\nb: *l\n", (document) => fill(document, ["b"], ["two"]));
  expect(value(pointed)).toEqual({ a: ["one"], b: ["two"] });
});
