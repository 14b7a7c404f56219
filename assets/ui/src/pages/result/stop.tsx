// Ending what runs: in good order, at once, or with all that waits behind it.

import { Button, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlayerStop } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import type { RunDetail } from "~/api/schema";
import { useWords } from "~/i18n";
import { useFailed } from "~/parts/failed";
import { More } from "~/parts/more";
import { useSure } from "~/parts/sure";

import { killedOf } from "./because";

export function Stop({ run }: { run: RunDetail }) {
  const { say } = useWords();
  const failed = useFailed();
  const stop = useMutation({ mutationFn: () => api.POST("/api/maid/stop", { body: { run_id: run.run_id } }), onError: failed });
  return (
    <>
      <Button color="red" variant="light" leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={() => stop.mutate()} loading={stop.isPending}>
        {say("action.stop")}
      </Button>
      {/* One that waits has nothing under way that could be cut off. */}
      {run.status === "running" && <Harder run={run} />}
    </>
  );
}

function Harder({ run }: { run: RunDetail }) {
  const { say } = useWords();
  const ask = useSure();
  const failed = useFailed();
  const queries = useQueryClient();
  const kill = useMutation({ mutationFn: () => api.POST("/api/maid/stop", { body: { run_id: run.run_id, kill: true } }), onError: failed });
  const all = useMutation({
    mutationFn: () => answer(api.POST("/api/maid/kill")),
    onSuccess: async (killed) => {
      notifications.show({ message: say(...killedOf(killed)) });
      // Pages of what waited are not told by an end that they never had.
      await Promise.all([["run"], ["history"]].map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
    onError: failed,
  });
  const sure = () => ask({ title: say("action.kill"), why: say("result.kill_why"), confirm: say("action.kill"), go: () => kill.mutate() });
  const sureOfAll = () => ask({ title: say("result.kill_all"), why: say("result.kill_all_why"), confirm: say("result.kill_all_go"), go: () => all.mutate() });
  return (
    <More>
      <Menu.Item color="red" onClick={sure}>{say("action.kill")}</Menu.Item>
      <Menu.Item color="red" onClick={sureOfAll}>{say("result.kill_all")}</Menu.Item>
    </More>
  );
}
