import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";

import { keepErrors } from "./kept-errors";

test("an error stays while it is asked again, until there is an answer", async () => {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always" } } });
  keepErrors(queries);
  const answers = [() => Promise.reject(new Error("no")), () => Promise.reject(new Error("still no")), () => Promise.resolve("yes")];
  const seen = new QueryObserver(queries, { queryKey: ["it"], queryFn: () => answers.shift()?.() ?? "", enabled: false });
  const end = seen.subscribe(() => undefined);
  const told = () => [seen.getCurrentResult().status, seen.getCurrentResult().error?.message];
  const asked = [];
  for (let times = 0; times < 3; times++) {
    const answered = seen.refetch();
    asked.push(told());
    await answered;
  }
  end();
  expect(asked).toEqual([["pending", undefined], ["error", "no"], ["error", "still no"]]);
  expect(told()).toEqual(["success", undefined]);
});
