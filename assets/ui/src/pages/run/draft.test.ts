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
  expect([first.begin("me"), first.offered("me")]).toEqual([first.example, null]);
  first.keep("me", "mine");
  const second = await open(first.local, first.tab);
  second.hand("handed");
  const third = await open(second.local, second.tab);
  expect([third.begin("me"), third.offered("me")], "also by a reload between").toEqual(["handed", "text"]);
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
  expect(begin("me"), "whoever comes back to the page").toBe("mine");
  hand("handed");
  expect(begin("me")).toBe("handed");
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
  expect([begin("me"), aside("me")]).toEqual([example, null]);
  hand("handed");
  expect(begin("me")).toBe("handed");
  arrived();
  keep("me", "handed");
  expect([begin("me"), unkept()]).toEqual(["handed", true]);
  putAside("me", "other");
  expect(aside("me")).toBe("other");
});

test("what there is no room for to hand over is not taken for what was handed over before", async () => {
  const { tab, hand, begin, ...page } = await open();
  hand("earlier");
  tab.room = 10;
  hand("a later one that is longer");
  expect(begin("me")).toBe("a later one that is longer");
  const next = await open(page.local, tab);
  expect(next.begin("me")).not.toBe("earlier");
});

test("what was put aside is offered until it is taken or dismissed, and is there after that", async () => {
  const first = await open();
  first.putAside("me", first.example);
  expect(first.offered("me"), "nobody has written that").toBeNull();
  first.putAside("me", "mine");
  first.putAside("me", first.example);
  const second = await open(first.local, first.tab);
  expect([second.begin("me"), second.offered("me"), second.aside("me"), second.offered("you")]).toEqual([second.example, "text", "mine", null]);
  second.dismiss("me");
  const third = await open(second.local, second.tab);
  expect([third.offered("me"), third.aside("me")]).toEqual([null, "mine"]);
});

test("of two tabs that write, the later one puts aside what the other has kept", async () => {
  const one = await open();
  one.keep("me", one.begin("me"));
  const other = await open(one.local);
  other.keep("me", other.begin("me"));
  expect(other.offered("me"), "neither has written").toBeNull();
  other.keep("me", "of the other");
  one.keep("me", "of one");
  expect([one.offered("me"), one.aside("me")]).toEqual(["tab", "of the other"]);
  one.dismiss("me");
  one.keep("me", "of one, and more");
  expect(one.offered("me"), "once, until the other goes on").toBeNull();
  const again = await open(one.local);
  expect([again.begin("me"), again.aside("me")], "after a reload").toEqual(["of one, and more", "of the other"]);
  other.keep("me", "of the other, and more");
  expect([other.offered("me"), other.aside("me")]).toEqual(["tab", "of one, and more"]);
});

test("what a full browser keeps later is not taken for that of another tab", async () => {
  const { local, begin, keep, offered, asks } = await open();
  begin("me");
  keep("me", "mine");
  local.room = 5;
  keep("me", "mine, longer");
  local.room = 1000;
  expect([asks(), local.getItem("maid.draft.run.me")]).toEqual([false, "mine, longer"]);
  keep("me", "mine, longer still");
  expect(offered("me")).toBeNull();
});
