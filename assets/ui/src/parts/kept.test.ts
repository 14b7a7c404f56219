import { expect, test } from "vitest";

import { BrowserMemory, openPage } from "./browser-memory";
import { fieldsOf, isText } from "./fits";

test("what the browser has no room for is told, held, and told no more once it is kept", async () => {
  const { local, asks } = openPage();
  const { isUnkept, recall, retain, watch } = await import("./kept");
  const told: boolean[] = [];
  const leave = watch(() => told.push(isUnkept("a", "other")));

  retain("a", "short");
  local.room = 10;
  retain("a", "far too long for it");
  expect([isUnkept("a"), isUnkept("other"), asks()]).toEqual([true, false, true]);
  expect(recall("a"), "the page has it").toBe("far too long for it");
  expect(local.getItem("a"), "the browser has what it had").toBe("short");

  retain("a", "shorter");
  expect([isUnkept("a"), asks(), local.getItem("a")]).toEqual([false, false, "shorter"]);
  expect(told.filter((now, index) => now !== told[index - 1]), "to whoever watches as well").toEqual([false, true, false]);
  leave();
});

test("what is saved is missed by nobody", async () => {
  const { local, asks } = openPage();
  const { isUnkept, recall, retain } = await import("./kept");
  local.room = 0;
  retain("a", "text");
  retain("a", null);
  expect([isUnkept("a"), recall("a"), asks()]).toEqual([false, null, false]);
});

test("room that somebody makes is used, wherever it is made", async () => {
  const { local, asks, comeBack } = openPage();
  const { isUnkept, retain } = await import("./kept");
  local.room = 10;
  retain("a", "123456");
  retain("b", "abcdef");
  expect([isUnkept("a"), isUnkept("b")]).toEqual([false, true]);
  retain("a", null);
  expect([isUnkept("b"), local.getItem("b")]).toEqual([false, "abcdef"]);

  retain("c", "123456");
  expect(isUnkept("c")).toBe(true);
  local.room = 20;
  comeBack();
  expect(isUnkept("c")).toBe(false);

  retain("d", "a line of 20 letters");
  local.room = 100;
  expect(asks(), "nor does it ask about what has room by now").toBe(false);
});

test("what another tab has written since is not written over", async () => {
  const { local, comeBack } = openPage();
  const { isUnkept, retain } = await import("./kept");
  local.room = 8;
  retain("a", "far too long for it");
  local.room = 100;
  local.setItem("a", "newer");
  comeBack();
  expect([local.getItem("a"), isUnkept("a")]).toEqual(["newer", true]);
  retain("a", "newest");
  expect([local.getItem("a"), isUnkept("a")]).toEqual(["newest", false]);
});

test("a browser that keeps nothing breaks no page, and asks about what was written alone", async () => {
  const memory = new BrowserMemory();
  memory.allowed = false;
  const { asks } = openPage(memory, memory);
  const { draftAt, isUnkept, recall, retain } = await import("./kept");
  expect([recall("a"), draftAt("a", isText)]).toEqual([null, null]);
  retain("choice", "on", false);
  expect([recall("choice"), isUnkept("choice"), asks()]).toEqual(["on", false, false]);
  retain("a", '"text"');
  expect([draftAt("a", isText), isUnkept("a"), asks()]).toEqual(["text", true, true]);
});

test("a draft that is no such thing is none", async () => {
  const { local } = openPage();
  const { draftAt } = await import("./kept");
  const fits = fieldsOf<{ text: string }>({ text: isText });
  for (const broken of ["5", '"5"', "[]", "null", "{}", '{"text": 5}', '{"text": null}', '[{"text": "a"}]', "{", ""]) {
    local.setItem("a", broken);
    expect(draftAt("a", fits), broken).toBeNull();
  }
  local.setItem("a", '{"text": "a", "newer": 1}');
  expect(draftAt("a", fits)).toEqual({ text: "a", newer: 1 });
});
