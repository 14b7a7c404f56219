import { describe, expect, it, vi } from "vitest";

vi.stubGlobal("navigator", { languages: ["de-DE", "en-GB"] });
const { figures } = await import("./figures");

describe("figures", () => {
  const english = figures("en");

  it("have as many digits as they deserve", () => {
    expect([0.123, 1.234, 12.34, 123.4, 12_345].map(english.ms)).toEqual(["0.12 ms", "1.23 ms", "12.3 ms", "123 ms", "12.3 s"]);
    expect([0, 0.004, 0.0184].map(english.ms)).toEqual(["0 ms", "0.004 ms", "0.018 ms"]);
    expect(english.ms(null)).toBe("–");
  });

  it("tell shares that are small and not nothing", () => {
    expect([0, 0.00001, 0.0123, 1].map(english.share)).toEqual(["0 %", "<0.01 %", "1.23 %", "100 %"]);
  });

  it("have no sign where they round to nothing", () => {
    expect([-0.00001, -0.0123].map(english.share)).toEqual(["0 %", "-1.23 %"]);
    expect(english.count(-0.2)).toBe("0");
  });

  it("tell days of the server, which are of UTC", () => {
    expect(english.day("2026-11-22")).toBe("22 Nov 2026");
    expect(figures("de").shortDay("2026-11-22")).toBe("22. Nov.");
  });

  it("tell sizes", () => {
    expect([0, 999, 1_000, 12_345, 999_960, 2_500_000_000].map(english.bytes)).toEqual(["0 B", "999 B", "1 kB", "12.3 kB", "1 MB", "2.5 GB"]);
  });

  it("tell durations", () => {
    expect([1.5, 61, 3_700].map(english.seconds)).toEqual(["1.5 s", "1 min 1 s", "1 h 1 min"]);
  });

  it("are written as the reader writes them", () => {
    expect(figures("de").count(12_345)).toBe("12.345");
    expect(english.count(12_345)).toBe("12,345");
  });
});
