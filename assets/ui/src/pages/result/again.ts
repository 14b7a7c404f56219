// The test of a run, handed to the page on which tests are written.

import { answer, api } from "~/api/client";
import type { RunDetail } from "~/api/schema";
import { hand } from "~/pages/run/draft";

/** What stands where a secret was. */
const MASKED = "***";

/** Says whether secrets have to be put in again. */
export async function again(run: RunDetail): Promise<boolean> {
  const { files } = await answer(api.POST("/api/maid/export", { body: { loadtest: run.config, format: "yaml" } }));
  const text = files[0]?.text ?? "";
  hand(text);
  return text.includes(MASKED);
}
