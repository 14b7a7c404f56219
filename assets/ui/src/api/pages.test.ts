import { expect, it } from "vitest";

import { all, PAGE, PAGES } from "./pages";

/** A list of so many numbers, as the server pages it. */
const list = (length: number) => {
  const asked: (string | undefined)[] = [];
  const ask = ({ limit, cursor }: { limit: number; cursor: string | undefined }) => {
    asked.push(cursor);
    const from = Number(cursor ?? 0);
    const to = Math.min(from + limit, length);
    const items = Array.from({ length: to - from }, (_, at) => from + at);
    return Promise.resolve({ items, next_cursor: to < length ? String(to) : null });
  };
  return { ask, asked };
};

it("goes on until a list has ended", async () => {
  for (const length of [0, 1, PAGE, PAGE + 1, 3 * PAGE]) {
    const { ask, asked } = list(length);
    expect(await all(ask)).toEqual({ items: Array.from({ length }, (_, at) => at), cut: false });
    expect(asked.length).toBe(Math.max(1, Math.ceil(length / PAGE)));
  }
});

it("asks for so much and no more, and says that there is more", async () => {
  const { ask, asked } = list(PAGE * PAGES + 1);
  const { items, cut } = await all(ask);
  expect([items.length, cut, asked.length]).toEqual([PAGE * PAGES, true, PAGES]);
  expect((await all(list(PAGE * PAGES).ask)).cut).toBe(false);
});

it("passes on what goes wrong on the way", async () => {
  const { ask } = list(3 * PAGE);
  await expect(all((query) => (query.cursor ? Promise.reject(new Error("away")) : ask(query)))).rejects.toThrow("away");
});
