import { expect, test } from "vitest";

import { address, asked as toldOf, base, load, none, parted, requests, sentTo, test as written, unread } from "./ask-test";

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
  const asked = (paths: string, url = "http://x") => requests({ ...none, url, paths });
  expect(asked("")).toEqual([{ method: "GET", path: "/" }]);
  expect(asked("", "http://x/a?b=1")).toEqual([{ method: "GET", path: "/a?b=1" }]);
  expect(asked("products\n\n post /cart")).toEqual([{ method: "GET", path: "/products" }, { method: "POST", path: "/cart" }]);
  expect(asked("/a b c")).toEqual([null]);
  expect(asked("http://other/x")).toEqual([{ method: "GET", path: "http://other/x" }]);
  expect(unread({ ...none, paths: "/a b\n/c\nFETCH /d\nftp://e/f\nhttp://:80/g" })).toEqual(["/a b", "FETCH /d", "ftp://e/f", "http://:80/g"]);
});

test("the path of an address is the first that is asked for", () => {
  const at = (url: string, paths: string) => {
    const { url: host, paths: lines } = parted({ ...none, url, paths });
    return [host, lines];
  };
  expect(at("127.0.0.1:80/products", "")).toEqual(["http://127.0.0.1", "/products"]);
  expect(at("http://x/api?a=1", "login\nPOST /api?a=1")).toEqual(["http://x", "/api?a=1\nlogin\nPOST /api?a=1"]);
  expect(at("http://x/products", "/cart\nproducts"), "what is there already is not asked for twice").toEqual(["http://x", "/cart\nproducts"]);
  for (const whole of ["http://x/", "x", "not an address"]) expect(at(whole, "/a"), whole).toEqual([whole, "/a"]);
  expect(base(none)).toBe("");
  expect(written({ ...none, url: "http://x/api", paths: "a" }, "T")).toMatch(/- http:\/\/x\n[^]*path: \/api\n[^]*path: \/a\n/);
});

test("it is told where all of it leads", () => {
  const at = (url: string, paths: string) => sentTo({ ...none, url, paths }).map(({ method, path }) => `${method} ${path}`);
  expect(at("127.0.0.1:80/products", "/products\nPOST login\nhttp://other/x")).toEqual([
    "GET http://127.0.0.1/products", "POST http://127.0.0.1/login", "GET http://other/x",
  ]);
  expect(at("http://x/a?b=1", "")).toEqual(["GET http://x/a?b=1"]);
});

test("own numbers are numbers", () => {
  expect(load({ ...none, amount: "own", users: "3", time: "1m30s" })).toEqual({ users: 3, time: "1m30s" });
  for (const wrong of [{ users: "0" }, { users: "1.5" }, { users: "" }, { time: "30" }, { time: "0s" }]) expect(load({ ...none, amount: "own", ...wrong })).toBeNull();
});
