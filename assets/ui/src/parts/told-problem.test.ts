import { expect, test, vi } from "vitest";

vi.stubGlobal("location", { origin: "http://127.0.0.1" });
const { Problem } = await import("~/api/client");
const { isGone, isPassing, toldProblem } = await import("./told-problem");

const told = (error: unknown, asksAgain = false) => toldProblem(error, (key, values) => [key, ...Object.values(values ?? {})].join(" "), asksAgain).text.trim();

test("whatever goes wrong has words", () => {
  expect(told(new Problem(422, { detail: "users: must be at least 1" }))).toBe("users: must be at least 1");
  expect(told(new Problem(0), true)).toBe("problem.none");
  expect(told(new Problem(0))).toBe("problem.not_done");
  expect(told(new Problem(502))).toBe("problem.silent 502");
  expect(told(new Problem(429))).toBe("problem.too_often 429");
  expect(told(new Problem(401, { code: "unauthenticated", detail: "sign in by POST" }))).toBe("problem.session");
  expect(told(new Problem(200, { code: "not_maid" as never }))).toBe("problem.not_maid");
});

test("what is not there is told apart, also where its name could be that of nothing", () => {
  expect([new Problem(404), new Problem(400, { code: "bad_id" }), new Problem(400), new Error("404")].map(isGone)).toEqual([true, true, false, false]);
});

test("what passes by itself is told apart", () => {
  expect([0, 502, 503, 500, 422].map((status) => isPassing(new Problem(status)))).toEqual([true, true, true, false, false]);
});
