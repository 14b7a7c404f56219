// The drafts of all forms: each is taken as it is kept, and for none where a part of it is something else.

import { expect, test, vi } from "vitest";

import type { Fits } from "./fits";

vi.stubGlobal("location", { origin: "http://127.0.0.1" });
const { empty, isPromptForm, newVariable } = await import("~/pages/prompt/form");
const { EMPTY, isKeyDraft } = await import("~/pages/users/key-draft");
const { isDraft: isRecipeDraft } = await import("~/pages/recipe/draft");
const { isTyped } = await import("~/pages/recipe/model");
const { isAnswers, none } = await import("~/pages/run/ask-test");
const { isEdits } = await import("~/pages/settings/values");
const { isContent, nothing } = await import("~/pages/deeplinks/content");
const { isValues } = await import("./value-field");

const forms: [name: string, fits: Fits<unknown>, whole: object][] = [
  ["prompt", isPromptForm, { ...empty(), tags: ["a"], variables: [newVariable("host")] }],
  ["key", isKeyDraft, { ...EMPTY, limits: { max_users: 5, max_rps: null } }],
  ["recipe", isRecipeDraft, { etag: "1", text: "name: a" }],
  ["values of a recipe", isTyped, { users: "5", deep: true }],
  ["questions", isAnswers, none],
  ["settings", isEdits, { "load.most": { to: 5 }, "log.level": { to: "debug" } }],
  ["link", isContent, { ...nothing, values: { users: 5, deep: false, host: "a" } }],
  ["values of a prompt", isValues, { users: 5, deep: false, host: "a" }],
];

for (const [name, fits, whole] of forms) {
  test(`a draft fits or is none: ${name}`, () => {
    const kept: unknown = JSON.parse(JSON.stringify(whole));
    expect(fits(kept)).toBe(true);
    for (const broken of [null, undefined, 5, "5", true, [], [kept]]) expect(fits(broken), JSON.stringify(broken)).toBe(false);
    for (const part of Object.keys(whole)) {
      for (const wrong of [null, [null], [[]]]) {
        // A setting of any shape is one, and values are texts, numbers or switches.
        const other = { ...whole, [part]: wrong };
        expect(fits(other) && !(part === "etag" && wrong === null), `${part}: ${JSON.stringify(wrong)}`).toBe(false);
      }
    }
  });
}

test("what is deep inside is looked at as well", () => {
  expect(isPromptForm({ ...empty(), variables: [{ ...newVariable(), choices: [5] }] })).toBe(false);
  expect(isPromptForm({ ...empty(), variables: [null] })).toBe(false);
  expect(isContent({ ...nothing, values: { users: {} } })).toBe(false);
  expect(isKeyDraft({ ...EMPTY, scopes: "maid.read" })).toBe(false);
  expect(isEdits({ "load.most": {} }), "a value that falls back").toBe(true);
});
