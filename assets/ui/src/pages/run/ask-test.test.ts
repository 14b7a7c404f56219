import { expect, test } from "vitest";

import { address, addresses, asked as toldOf, base, load, none, requests, test as written, unread } from "./ask-test";

test("an address needs no scheme", () => {
  expect(address("shop.example.com/cart")?.href).toBe("https://shop.example.com/cart");
  expect(address("localhost:8080")?.origin).toBe("http://localhost:8080");
  expect(address(" http://127.0.0.1:1 ")?.origin).toBe("http://127.0.0.1:1");
  for (const wrong of ["", "ftp://x", "javascript:alert(1)//", "not an address", "http://"]) expect(address(wrong), wrong).toBeNull();
});

test("recipes are looked for by where an address is, not by whom or with what", () => {
  expect(toldOf(" shop.example.com/cart?token=1#top ")).toBe("https://shop.example.com/cart");
  expect(toldOf("http://me:secret@127.0.0.1:1")).toBe("http://127.0.0.1:1/");
  for (const none of ["", "two words", "ftp://x", `x.example/${"a".repeat(1000)}`]) expect(toldOf(none), none).toBeNull();
});

test("a line is a path with or without its method", () => {
  const asked = (paths: string, url = "http://x/a?b=1") => requests({ ...none, url, paths });
  expect(asked("")).toEqual([{ method: "GET", path: "/a?b=1" }]);
  expect(asked("products\n\n post /cart")).toEqual([{ method: "GET", path: "/products" }, { method: "POST", path: "/cart" }]);
  expect(asked("/a b c")).toEqual([null]);
  expect(asked("http://other/x")).toEqual([{ method: "GET", path: "http://other/x" }]);
  expect(unread({ ...none, paths: "/a b\n/c\nFETCH /d\nftp://e/f\nhttp://:80/g" })).toEqual(["/a b", "FETCH /d", "ftp://e/f", "http://:80/g"]);
});

test("paths are below that of the address", () => {
  const at = (url: string, paths: string) => [base({ ...none, url, paths }), requests({ ...none, url, paths })[0]?.path];
  expect(at("http://x/api/v1/", "/products")).toEqual(["http://x/api/v1", "/products"]);
  expect(at("http://x/api/v1", "")).toEqual(["http://x", "/api/v1"]);
  expect(at("http://x/", "products")).toEqual(["http://x", "/products"]);
  expect(base(none)).toBe("");
  expect(written({ ...none, url: "http://x/api", paths: "a" }, "T")).toContain("http://x/api\n");
});

test("it is told where all of it leads", () => {
  const at = (url: string, paths: string) => addresses({ ...none, url, paths });
  expect(at("127.0.0.1:80/products", "/products\nPOST login\nhttp://other/x")).toEqual([
    "http://127.0.0.1/products/products", "http://127.0.0.1/products/login", "http://other/x",
  ]);
  expect(at("http://x/a?b=1", "")).toEqual(["http://x/a?b=1"]);
});

test("own numbers are numbers", () => {
  expect(load({ ...none, amount: "own", users: "3", time: "1m30s" })).toEqual({ users: 3, time: "1m30s" });
  for (const wrong of [{ users: "0" }, { users: "1.5" }, { users: "" }, { time: "30" }, { time: "0s" }]) expect(load({ ...none, amount: "own", ...wrong })).toBeNull();
});
