import { expect, test } from "vitest";

import { resultSearch, toggled } from "./view";

test("an address says what is looked at, and nothing that there is not", () => {
  const told = { tab: "logs", sort: "-p95", open: ["GET /", "GET /"], level: "warn", line: 404 };
  expect(resultSearch(told)).toEqual({ tab: "logs", sort: "-p95", open: ["GET /"], level: "warn", line: "404" });
  const none = { tab: undefined, sort: undefined, open: undefined, level: undefined, line: undefined };
  expect(resultSearch({ tab: "x", sort: "-method", open: "GET /", level: "trace", line: "" })).toEqual(none);
});

test("no more requests are open than an address can tell", () => {
  const names = Array.from({ length: 30 }, (_, place) => `request ${place}`);
  const { open = [] } = resultSearch({ open: names });
  expect([open.length, open.at(-1)]).toEqual([10, "request 29"]);
  expect(toggled(open, "one more")).toEqual([...open.slice(1), "one more"]);
  expect(toggled(open, "request 29")?.length).toBe(9);
  expect(toggled(["a"], "a")).toBeUndefined();
});
