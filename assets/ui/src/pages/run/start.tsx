// Starting a run, and what to do where one runs already.

import { Alert, Button, Group, Text } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { useMutation, type UseMutationResult } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";

import { answer, api, Problem } from "~/api/client";
import { useWords } from "~/i18n";
import { isActive } from "~/live/phase";
import { useTopic } from "~/live/use";
import { ButtonLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";

/** What is run: a test, or that of a run once more. */
export interface Asked {
  loadtest?: string;
  run_id?: string;
  env?: Record<string, string>;
  notes?: string | null;
  queue?: boolean;
}

export type Start = UseMutationResult<void, Error, Asked>;

/** Starts a run and goes to it; `started` is called before that. */
export function useBegin(started?: () => void): (body: Asked) => Promise<void> {
  const navigate = useNavigate();
  return async (body) => {
    const { run_id } = await answer(api.POST("/api/maid/run", { body }));
    started?.();
    await navigate({ to: "/results/$id", params: { id: run_id } });
  };
}

/** The same as something that is pressed. */
export function useStart(started?: () => void): Start {
  const begin = useBegin(started);
  return useMutation({ mutationFn: begin });
}

interface Refused {
  start: Start;
  queues?: boolean;
  /** What may have been written since it was refused. */
  notes?: string | null;
}

/** Why it did not start, and the way on. What is given at the start is kept nowhere, so that it cannot wait. */
export function StartProblem({ start, queues = true, notes }: Refused) {
  const { say } = useWords();
  const { error, variables } = start;
  const active = error instanceof Problem && error.code === "run_active";
  useEnded(active, start.reset);
  if (!error) return null;
  if (!active) return <ProblemAlert error={error} />;
  return (
    <Alert color="yellow" icon={<IconClock aria-hidden />} title={say("run.active")} role="alert">
      <Text size="sm">{say("run.active_why")}</Text>
      <Group mt="sm" gap="xs">
        {queues && (
          <Button size="xs" loading={start.isPending} onClick={() => variables && start.mutate({ ...variables, ...(notes === undefined ? {} : { notes }), queue: true })}>
            {say("run.queue")}
          </Button>
        )}
        {error.runId && (
          <ButtonLink to="/results/$id" params={{ id: error.runId }} size="xs" variant="default">
            {say("run.watch")}
          </ButtonLink>
        )}
      </Group>
    </Alert>
  );
}

/** Calls `ended` when what runs is over, while `wanted`. */
function useEnded(wanted: boolean, ended: () => void): void {
  const ran = useRef(false);
  useTopic("maid:status", ({ data }) => {
    const runs = isActive(data.phase);
    if (ran.current && !runs) ended();
    ran.current = runs;
  }, wanted);
}
