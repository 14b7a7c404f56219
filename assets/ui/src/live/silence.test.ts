import { describe, expect, it } from "vitest";

import { type Seen, Silence } from "./silence";

const beats = (silence: Silence, count: number, seen: Seen) => Array.from({ length: count }, () => silence.beat(seen));

describe("silence", () => {
  it("of a run is said after three seconds, and the server asked before", () => {
    expect(beats(new Silence(), 4, { running: true, visible: true })).toEqual(["wait", "ask", "silent", "silent"]);
  });

  it("says nothing where nothing runs, until the socket is given up", () => {
    const said = beats(new Silence(), 15, { running: false, visible: true });
    expect(said).not.toContain("silent");
    expect(said.filter((one) => one === "ask")).toHaveLength(2);
    expect(said.at(-1)).toBe("dead");
  });

  it("begins anew with whatever comes", () => {
    const silence = new Silence();
    for (let count = 0; count < 20; count++) {
      expect(beats(silence, 2, { running: true, visible: true })).toEqual(["wait", "ask"]);
      silence.broken();
    }
  });

  it("of a page that nobody sees is none", () => {
    expect(beats(new Silence(), 14, { running: true, visible: false })).not.toContain("silent");
  });
});
