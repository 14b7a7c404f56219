import { expect, it } from "vitest";

import type { Setting } from "./schema";
import { edited, undone, wrong } from "./values";

const setting = (more: Partial<Setting>): Setting => ({ key: "a.b", kind: "text", says: "", default: null, restart: false, nullable: false, whole: true, choices: [], ...more });

it("puts edits into the runtime file, and leaves no empty section behind", () => {
  const runtime = { load: { max_users: 5, breaker: { after: "9s" } } };
  expect(edited(runtime, { "history.max_logs": { to: 7 } })).toEqual({ ...runtime, history: { max_logs: 7 } });
  expect(edited(runtime, { "load.breaker.after": {} })).toEqual({ load: { max_users: 5 } });
  expect(edited(runtime, { "load.breaker.after": {}, "load.max_users": {} })).toEqual({});
  expect(runtime.load.breaker.after).toBe("9s");
});

it("takes back what a change did, of what still is another and may be changed", () => {
  const change = { before: { "load.max_users": 5, "audit.max_age_days": 3 }, after: { "load.max_users": 6, "load.stop_grace": "1s", "server.port": 1 } };
  const isOpen = (key: string) => key !== "server.port";
  const runtime = { load: { max_users: 7, stop_grace: "1s" }, audit: { max_age_days: 3 }, server: { port: 1 } };
  expect(undone(change, runtime, isOpen)).toEqual({ "load.max_users": { to: 5 }, "load.stop_grace": {} });
});

it("looks at values before they are sent", () => {
  expect(wrong(setting({ kind: "number", min: 1, max: 9 }), 0)).toEqual({ text: "config.wrong_min", values: { bound: 1 } });
  expect(wrong(setting({ kind: "number", min: 1, max: 9 }), 10)).toEqual({ text: "config.wrong_max", values: { bound: 9 } });
  expect(wrong(setting({ kind: "number" }), null)).toEqual({ text: "config.wrong_needed" });
  expect(wrong(setting({ kind: "duration", pattern: "^(\\d+s)$" }), "1x")).toEqual({ text: "config.wrong_duration" });
  expect(wrong(setting({ kind: "duration", pattern: "^(\\d+s)$" }), "1s")).toBeNull();
});
