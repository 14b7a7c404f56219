import { expect, test } from "vitest";

import { becauseOf } from "./because";

test("who has stopped a run is told in the words of the page, what else has ended it in those of the server", () => {
  expect(becauseOf("stopped by vera")).toEqual(["result.stopped_by", { name: "vera" }]);
  expect(becauseOf("killed")).toEqual(["result.killed"]);
  expect(becauseOf("the feeder ran dry")).toBeNull();
});
