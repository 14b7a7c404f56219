// The test of a run once more: as it was, or changed on the page on which tests are written.

import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { answer, api, Problem } from "~/api/client";
import type { RunDetail } from "~/api/schema";
import { type Key, useWords } from "~/i18n";
import { hand } from "~/pages/run/draft";
import { lacks, type Taken, takes } from "~/pages/run/given";
import { type Start, useBegin } from "~/pages/run/start";
import { useFailed } from "~/parts/failed";

/** What has to be given before it can run, in words. */
function wantedOf({ secrets, environment }: Taken): Key | null {
  if (secrets) return "result.again_secrets";
  return environment ? "result.again_values" : null;
}

/** Goes to where the test can be changed, and is given what it lacks. */
function useEditor(run: RunDetail): () => Promise<void> {
  const { say } = useWords();
  const navigate = useNavigate();
  return async () => {
    const { files } = await answer(api.POST("/api/maid/export", { body: { loadtest: run.config, format: "yaml" } }));
    hand(files[0]?.text ?? "");
    const wanted = wantedOf(takes(run.config));
    if (wanted) notifications.show({ color: "yellow", message: say(wanted) });
    await navigate({ to: "/run" });
  };
}

/** Hands the test to the page on which tests are written. */
export function useChange(run: RunDetail) {
  const change = useEditor(run);
  return useMutation({ mutationFn: change, onError: useFailed() });
}

/** Runs the test as it was; where it takes what was not kept, it leads to where that is given. */
export function useRunAgain(run: RunDetail): Start {
  const begin = useBegin();
  const change = useEditor(run);
  return useMutation({
    mutationFn: async (asked) => {
      const taken = takes(run.config);
      if (lacks(taken)) return change();
      try {
        await begin(asked);
      } catch (refusal) {
        if (!(refusal instanceof Problem && lacks(taken, refusal.status))) throw refusal;
        await change();
      }
    },
  });
}
