import { expect, test } from "vitest";

import { changed } from "./changed";
import { isReading, read } from "./document";
import { liken, under, within } from "./parts-of";

const text = `# Written by hand.
version: 1
name: "Shop"   # as it is called
target: {hosts: [http://127.0.0.1:1]}
`;
const value = (written: string) => {
  const known = read(written);
  if (!isReading(known)) throw new Error(known.message);
  return known.value;
};

const recipe = `title: Shop # as people say
parameters: [{ name: users, type: integer, help: How many. }]
loadtest:
  # Written by hand.
  version: 1
  name: Shop
  load:
    users: \${param:users} # as many as come
  scenarios:
    - name: look   # around
      transactions: []
`;

test("what stands under a key is a text of its own, filled in without losing its comments", () => {
  const own = within(recipe, "loadtest");
  expect(own).toContain("# Written by hand.");
  const filled = { version: 1, name: "Shop", load: { users: 5, hatch_rate: 1 }, scenarios: [{ name: "look", transactions: [] }], variables: { a: [1] } };
  const text = changed(own ?? "", (document) => liken(document, filled));
  expect(value(text)).toEqual(filled);
  for (const comment of ["# Written by hand.", "# as many as come", "# around"]) expect(text).toContain(comment);
  expect(within(recipe, "title")).toBeNull();
  expect(within("a: [", "a")).toBeNull();
  expect(within("base: &b {x: 1}\nloadtest: {load: *b}", "loadtest"), "what it points to stands elsewhere").toBeNull();
});

test("values that are gone are taken out, and another kind of value takes the place", () => {
  const text = changed("a: 1 # one\nb: [1, 2]\nc: {d: 1}\n", (document) => liken(document, { a: 1, b: [1, 2, 3], c: "d" }));
  expect(value(text)).toEqual({ a: 1, b: [1, 2, 3], c: "d" });
  expect(text).toContain("a: 1 # one");
  expect(value(changed("a: 1\nb: 2\n", (document) => liken(document, { b: 2 })))).toEqual({ b: 2 });
});

test("a text is set in under a key as it is, or not at all", () => {
  const set = under("loadtest", `---\n${text}`) ?? "";
  expect(value(set)["loadtest"]).toEqual(value(text));
  expect(set).toContain("  # Written by hand.");
  expect(value(under("t", "a: |\n  one\n\n   two \nb: 'x\n\n  y'\n") ?? "")["t"]).toEqual({ a: "one\n\n two \n", b: "x\ny" });
  expect(value(under("t", '{\n"a": [1,\n2]\n}') ?? "")["t"]).toEqual({ a: [1, 2] });
  expect(under("t", "%YAML 1.2\n---\na: 1\n")).toBeNull();
  expect(under("t", "a: [")).toBeNull();
});
