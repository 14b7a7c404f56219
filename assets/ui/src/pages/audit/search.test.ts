import { expect, it } from "vitest";

import { auditSearch } from "./search";

it("takes what it knows from the address, and leaves the rest out", () => {
  const told = { actor: "a", action: "login.ok", outcome: "done", target: 17, since: "2026-01-31T12:00:00Z", until: "2026-02-01", entry: 3 };
  expect(auditSearch(told)).toEqual({
    actor: "a", action: "login.ok", outcome: "done", target: "17",
    since: "2026-01-31T12:00:00.000Z", until: "2026-02-01T00:00:00.000Z", entry: 3,
  });
  const wrong = { action: "nonsense", outcome: "great", since: "yesterday", until: "0002-01-01", entry: "x" };
  expect(Object.values(auditSearch(wrong)).filter((one) => one !== undefined)).toEqual([]);
});
