import { expect, test } from "vitest";

import { BrowserMemory, openPage } from "~/parts/browser-memory";

async function open(...memories: Parameters<typeof openPage>) {
  const page = openPage(...memories);
  const { isUnkept } = await import("~/parts/kept");
  const draft = await import("./draft");
  return { ...page, ...draft, unkept: () => isUnkept(...draft.places("me")) };
}

test("a draft is there again, and one that was handed over goes before it", async () => {
  const first = await open();
  expect(first.begin("me")).toEqual({ text: first.example, replaced: false });
  first.keep("me", "mine");
  const second = await open(first.local, first.tab);
  second.hand("handed");
  const third = await open(second.local, second.tab);
  expect(third.begin("me"), "also by a reload between").toEqual({ text: "handed", replaced: true });
  third.arrived();
  expect([third.aside("me"), third.tab.kept.size, third.unkept()]).toEqual(["mine", 0, false]);
});

test("a full browser is told of, and nothing is lost while the page is open", async () => {
  const { local, begin, keep, hand, arrived, aside, unkept, asks, example } = await open();
  local.room = 0;
  keep("me", example);
  expect([unkept(), asks()], "nobody has written that").toEqual([false, false]);
  keep("me", "mine");
  expect([unkept(), asks()]).toEqual([true, true]);
  expect(begin("me").text, "whoever comes back to the page").toBe("mine");
  hand("handed");
  expect(begin("me")).toEqual({ text: "handed", replaced: true });
  arrived();
  keep("me", "handed");
  expect(aside("me")).toBe("mine");
  local.room = 1000;
  keep("me", "handed on");
  expect([unkept(), asks(), aside("me"), local.getItem("maid.draft.run.me")]).toEqual([false, false, "mine", "handed on"]);
});

test("a browser that may keep nothing breaks nothing", async () => {
  const memory = new BrowserMemory();
  memory.allowed = false;
  const { begin, hand, arrived, aside, putAside, keep, unkept, example } = await open(memory, memory);
  expect([begin("me"), aside("me")]).toEqual([{ text: example, replaced: false }, null]);
  hand("handed");
  expect(begin("me").text).toBe("handed");
  arrived();
  keep("me", "handed");
  expect([begin("me").text, unkept()]).toEqual(["handed", true]);
  putAside("me", "other");
  expect(aside("me")).toBe("other");
});

test("what there is no room for to hand over is not taken for what was handed over before", async () => {
  const { tab, hand, begin, ...page } = await open();
  hand("earlier");
  tab.room = 10;
  hand("a later one that is longer");
  expect(begin("me").text).toBe("a later one that is longer");
  const next = await open(page.local, tab);
  expect(next.begin("me").text).not.toBe("earlier");
});
