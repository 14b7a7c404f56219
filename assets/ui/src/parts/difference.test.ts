import { describe, expect, it } from "vitest";

import { difference } from "./difference";

const signs = { same: " ", added: "+", removed: "-", skipped: "~" };
const told = (before: string, after: string) => difference(before, after).map(({ kind, text }) => signs[kind] + text);

describe("the difference of two texts", () => {
  it("is nothing where they are the same", () => {
    expect(told("a\nb\n", "a\nb")).toEqual([]);
  });

  it("tells a line that was changed between lines that were not", () => {
    expect(told("a\nb\nc", "a\nB\nc")).toEqual([" a", "-b", "+B", " c"]);
  });

  it("finds what was put in and what was taken out", () => {
    expect(told("b\nc\nd\ne", "a\nb\nd\ne\nf")).toEqual(["+a", " b", "-c", " d", " e", "+f"]);
  });

  it("tells lines that stand there twice once", () => {
    expect(told("a\na", "a\na\na")).toEqual([" a", " a", "+a"]);
  });

  it("leaves out what is far from every change", () => {
    const far = Array.from({ length: 20 }, (_, at) => `line ${at}`);
    expect(told(far.join("\n"), ["new", ...far].join("\n"))).toEqual(["+new", " line 0", " line 1", " line 2", "~"]);
  });

  it("ends with texts that have nothing in common and are long", () => {
    const [old, now] = ["a", "b"].map((letter) => Array.from({ length: 3000 }, (_, at) => `${letter}${at}`).join("\n")) as [string, string];
    expect(difference(old, now)).toHaveLength(6000);
  });
});
