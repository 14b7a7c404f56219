// The test of a run once more: as it was, or changed on the page on which tests are written.

import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { answer, api, Problem } from "~/api/client";
import type { RunDetail } from "~/api/schema";
import { type Key, useWords } from "~/i18n";
import { hand } from "~/pages/run/draft";
import { lacks, takes } from "~/pages/run/given";
import { type Start, useBegin } from "~/pages/run/start";
import { useFailed } from "~/parts/failed";

/** Goes to where the test can be changed, and says what is missing there. */
function useEditor(run: RunDetail): (missing: Key | null) => Promise<void> {
  const { say } = useWords();
  const navigate = useNavigate();
  return async (missing) => {
    const { files } = await answer(api.POST("/api/maid/export", { body: { loadtest: run.config, format: "yaml" } }));
    hand(files[0]?.text ?? "");
    if (missing) notifications.show({ color: "yellow", message: say(missing) });
    await navigate({ to: "/run" });
  };
}

/** Hands the test to the page on which tests are written. */
export function useChange(run: RunDetail) {
  const edit = useEditor(run);
  return useMutation({ mutationFn: () => edit(takes(run.config).secrets ? "result.again_secrets" : null), onError: useFailed() });
}

/** Runs the test as it was; where it takes what was not kept, it leads to where that is given. */
export function useRunAgain(run: RunDetail): Start {
  const begin = useBegin();
  const edit = useEditor(run);
  return useMutation({
    mutationFn: async (asked) => {
      const taken = takes(run.config);
      if (taken.secrets) return edit("result.again_secrets");
      try {
        await begin(asked);
      } catch (refusal) {
        if (!(refusal instanceof Problem && lacks(taken, refusal))) throw refusal;
        await edit("result.again_values");
      }
    },
  });
}
