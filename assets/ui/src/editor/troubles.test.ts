import { describe, expect, it } from "vitest";

import { read } from "./document";
import { type Checked, troublesOf } from "./troubles";

const text = "name: Shop\nload:\n  users: -1\ntarget:\n  hosts: [http://192.0.2.1, http://shop.test]\n";
const checked = (more: Partial<Checked>): Checked => ({ text, errors: [], obstacles: [], ...more });
const [path, message] = ["load.users", "must be at least 1"];
const told = (...all: Parameters<typeof troublesOf>) => troublesOf(...all).map(({ path, line, kind }) => [path, line, kind]);

describe("what is said of a test", () => {
  it("stands on its line, also when the text has moved since", () => {
    const known = checked({ errors: [{ path, message, line: 3, column: 10 }] });
    expect(troublesOf(text, read(text), known, null)).toEqual([{ path, message, line: 3, column: 10, kind: "wrong" }]);
    const moved = `# new\n${text}`;
    expect(told(moved, read(moved), known, null)).toEqual([[path, 4, "wrong"]]);
  });

  it("tells what is wrong from what is refused, and that from what may be", () => {
    const obstacles = [
      { path: "target.hosts[0]", message: "not allowed", certain: true },
      { path: "target.hosts[1]", message: "only if", certain: false },
    ];
    expect(told(text, read(text), checked({ obstacles }), null)).toEqual([["target.hosts[0]", 5, "refused"], ["target.hosts[1]", 5, "perhaps"]]);
  });

  it("believes the start before whoever looks ahead, and calls a wrong document wrong", () => {
    const obstacles = [{ path, message: "perhaps", certain: false }];
    expect(told(text, read(text), checked({ obstacles }), { wrong: false, errors: [{ path, message }] })).toEqual([[path, 3, "refused"]]);
    expect(told(text, read(text), null, { wrong: true, errors: [{ path, message }] })).toEqual([[path, 3, "wrong"]]);
  });

  it("tells all of a place that was found at once, and what is missing beside its own field", () => {
    const two = [{ path: "load", message: "too many", certain: true }, { path: "load", message: "too long", certain: true }];
    expect(told(text, read(text), checked({ obstacles: two }), null)).toEqual([["load", 2, "refused"], ["load", 2, "refused"]]);
    const errors = [{ path: "load", message: "`run_time` is missing", line: 2, column: 1 }];
    expect(told(text, read(text), checked({ errors }), null)).toEqual([["load.run_time", 2, "wrong"]]);
  });

  it("is that it cannot be read, where it cannot", () => {
    const broken = "a: [";
    expect(troublesOf(broken, read(broken), null, null)).toMatchObject([{ path: "", kind: "wrong" }]);
  });
});
