import { expect, test } from "vitest";

import { becauseOf, killedOf } from "./because";

test("who has stopped a run is told in the words of the page, what else has ended it in those of the server", () => {
  expect(becauseOf("stopped by vera")).toEqual(["result.stopped_by", { name: "vera" }]);
  expect(becauseOf("killed")).toEqual(["result.killed"]);
  expect(becauseOf("it was taken out of the queue")).toEqual(["result.taken_out"]);
  expect(becauseOf("the feeder ran dry")).toBeNull();
});

test("what the killswitch ended is told as it was", () => {
  expect(killedOf({ run_id: "a", cancelled: [] })).toEqual(["result.kill_all_run", { count: 0 }]);
  expect(killedOf({ run_id: "a", cancelled: ["b", "c"] })).toEqual(["result.kill_all_both", { count: 2 }]);
  expect(killedOf({ run_id: null, cancelled: ["b"] })).toEqual(["result.kill_all_queue", { count: 1 }]);
  expect(killedOf({ cancelled: [] })).toEqual(["result.kill_all_none", { count: 0 }]);
});
