import { expect, test } from "vitest";

import { environmentOf, hiddenIn } from "./given";

test("each variable of the environment is named once", () => {
  expect(environmentOf("a: ${env:B}\nb: x-${env:A}-${env:B}\nc: ${var:C} ${env:}")).toEqual(["A", "B"]);
});

test("what was hidden is found where it stands for a value", () => {
  expect(hiddenIn('a: /x?api_key=***&page=1\nb: http://***@h\nc: "{\\"password\\": \\"***\\"}"')).toEqual([1, 2, 3]);
  const text = 'a: ***\nb: "***"\nc: {password: "***"}\nd: Bearer ***\n# ***\ne: a****b\nf: **bold***text';
  expect(hiddenIn(text)).toEqual([1, 2, 3, 4]);
});
