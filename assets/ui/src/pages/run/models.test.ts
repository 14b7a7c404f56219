import { expect, test } from "vitest";

import { changed } from "~/editor/changed";
import { put } from "~/editor/document";

import { Models } from "./models";
import type { Model } from "./shape";

const written = `name: a
load: # how much
  # at first
  users: 5 # five
  hatch_rate: 2

  run_time: 5s # short
  env_allow: [TOKEN]
scenarios: []
`;

const through = (text: string, ...models: Model[]) => {
  const ways = new Models();
  return models.reduce((text, to) => changed(text, (document) => ways.choose(document, to)), text);
};

test("who goes back to a model finds what was there, comments and all", () => {
  const staged = through(written, "stages");
  expect(staged).toMatch(/stages:\n +- duration: 10s\n +target: 5/);
  expect(staged).not.toMatch(/users|hatch_rate|run_time/);
  expect(through(written, "stages", "users")).toBe(written);
  expect(through(written, "stages", "arrival", "users")).toBe(written);
  expect(through(written, "arrival", "users", "stages", "arrival", "users")).toBe(written);
  expect(through(written, "stages", "users", "stages")).toBe(staged);
  for (const flow of ["name: a\nload: { users: 5, run_time: 5s } # few\n", '{"load": {"users": 5, "hatch_rate": 2, "run_time": "5s"}}']) {
    expect(changed(through(flow, "stages", "users"), () => undefined)).toBe(changed(flow, () => undefined));
  }
});

test("a load that was changed meanwhile is taken over", () => {
  const ways = new Models();
  const choose = (text: string, to: Model) => changed(text, (document) => ways.choose(document, to));
  const more = changed(choose(written, "stages"), (document) => put(document, ["load", "stages", 1, "target"], 9));
  expect(choose(more, "users")).toContain("users: 9\n");
  const elsewhere = changed(choose(written, "arrival"), (document) => put(document, ["name"], "b"));
  expect(choose(elsewhere, "users")).toBe(written.replace("name: a", "name: b"));
});

test("a test without a load has one", () => {
  expect(through("name: a\n", "stages", "users")).toMatch(/^name: a\nload:\n +users: 10\n/);
});
