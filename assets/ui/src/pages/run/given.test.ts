import { expect, test } from "vitest";

import { environmentOf, hiddenIn, lackingIn, lacks, takes } from "./given";

test("each variable of the environment is named once", () => {
  expect(environmentOf("a: ${env:B}\nb: x-${env:A}-${env:B}\nc: ${var:C} ${env:}")).toEqual(["A", "B"]);
});

test("what was hidden is found where it stands for a value", () => {
  expect(hiddenIn('a: /x?api_key=***&page=1\nb: http://***@h\nc: "{\\"password\\": \\"***\\"}"')).toEqual([1, 2, 3]);
  const text = 'a: ***\nb: "***"\nc: {password: "***"}\nd: Bearer ***\n# ***\ne: a****b\nf: **bold***text';
  expect(hiddenIn(text)).toEqual([1, 2, 3, 4]);
});

test("what a run was given and did not keep is known by its test", () => {
  const at = (body: string) => ({ name: "a", load: { users: 1 }, scenarios: [{ requests: [{ path: "/", body }] }] });
  expect(takes(at("**bold**"))).toEqual({ secrets: false, environment: false });
  expect(takes(at("a=1&password=***"))).toEqual({ secrets: true, environment: false });
  expect(takes(at("${env:TOKEN}"))).toEqual({ secrets: false, environment: true });
  expect(takes({ headers: { "${env:NAME}": "a" } })).toEqual({ secrets: false, environment: true });
  expect(takes(null)).toEqual({ secrets: false, environment: false });
});

test("a test lacks values only where the server says so of one that reads any", () => {
  const reads = { secrets: false, environment: true };
  const refused = (code: string, ...messages: string[]) => ({ code, errors: messages.map((message) => ({ path: "a", message })) }) as never;
  const missing = refused("invalid_loadtest", "`${env:TOKEN}` has no value");
  expect(lacks(reads, missing)).toBe(true);
  expect(lacks({ ...reads, environment: false }, missing)).toBe(false);
  expect(lacks(reads, refused("run_active"))).toBe(false);
  // The limit of a key, or a host that is not there, is another matter.
  expect(lacks(reads, refused("beyond_limits", "500 users are more than the 10 that this API key may start"))).toBe(false);
  expect(lacks(reads, refused("invalid_loadtest", "must be 1 or more"))).toBe(false);
});

test("a value that is missing is told apart from what else is wrong", () => {
  const missing = (path: string, name: string) => ({ path, message: `\`\${env:${name}}\` has no value: give it with \`-e ${name}=VALUE\`` });
  const shut = { path: "d", message: "`${env:B}` is set in the environment but not allowed: list `B` in `load.env_allow`" };
  const other = { path: "e", message: "must be 1 or more" };
  const { lacking, others } = lackingIn([missing("a", "A"), other, missing("b", "A"), missing("c", "C"), shut], ["A", "B"]);
  expect([[...lacking], others]).toEqual([[["A", "a"], ["B", "d"]], [other, missing("c", "C")]]);
});
