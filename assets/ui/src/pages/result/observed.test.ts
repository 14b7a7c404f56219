import { expect, test, vi } from "vitest";

vi.stubGlobal("navigator", { languages: ["de-DE"] });
const { figures } = await import("~/app/figures");
const { observedOf } = await import("./observed");

const told = (observed: number | null, observed_text: string) =>
  observedOf(figures("de"), (key: string) => key)({ observed, observed_text });

test("each unit is told in the language of the page", () => {
  expect(told(4.125, "4.12 ms")).toBe("4,13 ms");
  expect(told(0.0044, "0.44 %")).toBe("0,44 %");
  expect(told(0.00001, "0.00 %")).toBe("<0,01 %");
  expect(told(1234.5, "1234.5/s")).toBe("1.235/s");
  expect(told(1200, "1200")).toBe("1.200");
  expect(told(1, "yes")).toBe("result.yes");
  expect(told(null, "nothing was measured")).toBe("result.not_measured");
});
