import { expect, test } from "vitest";

import { together } from "./together";

test("what is asked for in one go is asked together, each once, in parts that are not too large", async () => {
  const asked: string[][] = [];
  const of = together(2, async (ids) => (asked.push(ids), new Map(ids.filter((id) => id !== "gone").map((id) => [id, id.toUpperCase()]))));
  expect(await Promise.all(["a", "b", "a", "gone"].map(of))).toEqual(["A", "B", "A", null]);
  expect(asked).toEqual([["a", "b"], ["gone"]]);
  expect(await of("c")).toBe("C");
  expect(asked).toHaveLength(3);
});

test("where a part cannot be had, the others can", async () => {
  const of = together(1, async ([id = ""]) => (id === "b" ? Promise.reject(new Error("away")) : new Map([[id, id]])));
  const [a, b] = await Promise.allSettled([of("a"), of("b")]);
  expect([a?.status, b?.status]).toEqual(["fulfilled", "rejected"]);
});
