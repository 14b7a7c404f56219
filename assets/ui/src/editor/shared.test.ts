import { expect, it } from "vitest";

import { list, record } from "./document";
import { keysOf, shared } from "./shared";

const test = () => ({ load: { users: 2 }, requests: [{ path: "/a" }, { path: "/b", check: [{ status: 200 }] }, { path: "/c" }] });

it("keeps what says the same", () => {
  const old = test();
  expect(shared(old, test())).toBe(old);
  const other = { ...test(), load: { users: 3 } };
  const now = shared(old, other);
  expect(now).toEqual({ ...test(), load: { users: 3 } });
  expect([now.requests === old.requests, now.load === old.load]).toEqual([true, false]);
});

it("tells what looks alike apart", () => {
  expect(shared({ a: null }, { a: Number.NaN })).toEqual({ a: Number.NaN });
  expect(shared({ a: [] }, { a: {} })).toEqual({ a: {} });
  expect(shared({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 });
});

it("knows entries again", () => {
  const entries = (value: unknown) => list(record(value)["requests"]);
  const old = test();
  const [a, b, c] = keysOf(old.requests);
  const after = (requests: unknown[]) => {
    const now = shared(old, { ...test(), requests });
    expect(now.requests).toEqual(requests);
    return keysOf(entries(now));
  };
  const [one, two, three] = test().requests;
  expect(after([one, { path: "/new" }, two, three])).toEqual([a, expect.not.stringMatching(`^(${a}|${b}|${c})$`), b, c]);
  expect(after([one, three])).toEqual([a, c]);
  expect(after([one, three, two])).toEqual([a, c, b]);
  expect(after([one, { path: "/b!" }, three])).toEqual([a, b, c]);
});

it("gives no two entries one key", () => {
  const one = { path: "/" };
  expect(new Set(keysOf([one, one, "text", "text"])).size).toBe(4);
});
