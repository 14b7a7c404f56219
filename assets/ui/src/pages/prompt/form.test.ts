import { describe, expect, it, vi } from "vitest";

vi.stubGlobal("location", new URL("http://127.0.0.1/plugins/maid/"));
const { Problem } = await import("~/api/client");
const { empty, newVariable, promptOfForm, saidOf, undeclared, unplaced } = await import("./form");

const refused = (...paths: string[]) => new Problem(422, { errors: paths.map((path) => ({ path, message: `about ${path}` })) });

describe("a prompt that is written", () => {
  it("has places that no variable is declared for", () => {
    const form = { ...empty(), text: "{{ host }} \\{{ no }} {{users}} {{ host }} {{ Bad }}", variables: [newVariable("users")] };
    expect(undeclared(form)).toEqual(["host"]);
  });

  it("is sent with values of their kinds, and without what does not belong to them", () => {
    const number = { ...newVariable("users"), type: "integer" as const, help: "How many", example: "5", default: "7", min: "1", max: "many", choices: ["a"] };
    const text = { ...newVariable("word"), help: "What", required: false, unit: "s" };
    expect(promptOfForm({ ...empty(), variables: [number, text] }).variables).toEqual([
      { name: "users", type: "integer", help: "How many", required: true, example: 5, min: 1, max: "many" },
      { name: "word", type: "string", help: "What", default: "" },
    ]);
  });

  it("is told each error once: at its field, or below the form", () => {
    const error = refused("tags[0]", "variables[1].name", "variables", "");
    const said = saidOf(error);
    expect([said("tags"), said("variables[1].name"), said("title")]).toEqual(["about tags[0]", "about variables[1].name", undefined]);
    expect(unplaced(error)).toEqual(["variables: about variables", "about "]);
  });
});
