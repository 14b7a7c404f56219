import { readdirSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { changed } from "./changed";
import { fill, isReading, move, put, read } from "./document";

const folder = new URL("../../../recipes/", import.meta.url);
const recipes = readdirSync(folder).filter((name) => name.endsWith(".yaml")).map((name) => [name, readFileSync(new URL(name, folder), "utf8")] as const);

test.each(recipes)("%s stays as it is written where it is not changed", (_, text) => {
  const old = text.split("\n");
  const first = old.findIndex((line) => line.startsWith("title:"));
  const titled = changed(text, (document) => put(document, ["title"], "Mine")).split("\n");
  expect(titled).toEqual(old.with(first, "title: Mine"));
  const tags = old.findIndex((line) => line.startsWith("tags:"));
  const tagged = changed(text, (document) => fill(document, ["tags"], ["mine"])).split("\n");
  expect(tagged.length).toBe(old.length);
  expect(tagged.filter((line, index) => line !== old[index] && index !== tags)).toEqual([]);
  const timed = changed(text, (document) => put(document, ["loadtest", "load", "run_time"], "7s")).split("\n");
  expect(timed.filter((line) => !old.includes(line)).join("\n")).toMatch(/^ +(load: \{.*)?run_time: "?7s"?[^\n]*$/);
});

test("a text with folds is changed where it is changed, deep inside as well", () => {
  const text = "a: >-\n  one\n  two\n\n  three\nb:\n  - name: >-\n      long\n      name\n    c: { x: 1 }   # wide\n  - name: d\ne:   { f: 1,\n   g: 2 }\n";
  expect(changed(text, (document) => put(document, ["b", 1, "name"], "D"))).toBe(text.replace("name: d", "name: D"));
  expect(changed(text, (document) => put(document, ["b", 0, "c", "x"], 2))).toBe(text.replace("x: 1", "x: 2"));
  expect(changed(text, (document) => put(document, ["e", "g"], 3))).toContain(text.slice(0, text.indexOf("e:")));
  expect(changed(text, (document) => put(document, ["a"], "one"))).toMatch(/^a: (>-\n  )?one\nb:\n  - name: >-\n      long\n      name\n/);
  const two = changed(text, (document) => (put(document, ["b", 1, "name"], "D"), put(document, ["h"], true)));
  expect(two).toBe(`${text.replace("name: d", "name: D")}h: true\n`);
});

test("a value that is typed leaves what is beside it, wherever it stands", () => {
  const typed = (text: string, value: unknown) => changed(text, (document) => put(document, ["a"], value));
  expect(typed("a:   1 # one\n\n\nb: [ x,y ]\n", 2)).toBe("a:   2 # one\n\n\nb: [ x,y ]\n");
  expect(typed("{b: 1,  a: 'x' }", "x y")).toBe('{"b":1,"a":"x y"}');
  expect(typed("a: 'x'   # one\n", "it's: #")).toBe("a: 'it''s: #'   # one\n");
  for (const value of ["}", ",", "x, y: z", "- x", "# x", "one\ntwo", "true", "*x", "", null, true, 1.5]) {
    for (const text of ["b:  { c: 1 }\na: x # one\n", "x: y\na: &a old\nb: *a\n", "a: |\n  old\n"]) {
      const now = read(typed(text, value));
      expect(isReading(now) && now.value["a"], JSON.stringify([text, value])).toEqual(value);
    }
    const inside = read(changed("o: {a: x,   b: 1}\n", (document) => put(document, ["o", "a"], value)));
    expect(isReading(inside) && inside.value).toEqual({ o: { a: value, b: 1 } });
  }
});

test("JSON stays JSON, with its lines", () => {
  const text = '{\n    "title": "A",\n    "tags": []\n}\n';
  expect(changed(text, (document) => put(document, ["title"], "B"))).toBe(text.replace("A", "B"));
  expect(changed(text, (document) => fill(document, ["best_practices"], ["x"]))).toBe('{\n    "title": "A",\n    "tags": [],\n    "best_practices": [\n        "x"\n    ]\n}\n');
  expect(changed('{"a":1}', (document) => put(document, ["b"], 2))).toBe('{"a":1,"b":2}');
});

test("what stands for many is read", () => {
  const text = `a: &a {x: 1}\nb: [${Array.from({ length: 500 }, () => "*a").join(", ")}]\n`;
  expect(isReading(read(text))).toBe(true);
  expect(isReading(read("a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e]\n")), "not without end").toBe(false);
});

test("what is written before the first entry goes with it", () => {
  const list = "requests:\n  # log in\n  - path: /a\n  # look\n  - path: /b\n";
  expect(changed(list, (document) => move(document, ["requests"], 0, 1))).toBe("requests:\n  # look\n  - path: /b\n  # log in\n  - path: /a\n");
  expect(changed(list, (document) => put(document, ["requests", 0], undefined))).toBe("requests:\n  # look\n  - path: /b\n");
  expect(changed(list, (document) => put(document, ["requests", 1], undefined))).toBe("requests:\n  # log in\n  - path: /a\n");
});
