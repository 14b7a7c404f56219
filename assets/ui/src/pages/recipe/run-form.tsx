// The values of a recipe, and what runs it with them.

import { Alert, Box, Button, Group, Paper, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

import { answer, api, Problem } from "~/api/client";
import type { RecipeView } from "~/api/schema";
import { useSession } from "~/app/session";
import { DryRunButton } from "~/dry-run/button";
import { useWords } from "~/i18n";
import { type Environment, EnvironmentFields, givenOf } from "~/parts/environment-fields";
import { ButtonLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";

import { environment, isSecret, sent, type Typed } from "./model";
import { ParameterField } from "./parameter-field";

interface Props {
  view: RecipeView;
  /** What was typed, without secrets: those are kept nowhere. */
  typed: Typed;
  keep: (typed: Typed | null) => void;
}

export function RunForm({ view, typed, keep }: Props) {
  const { say } = useWords();
  const { may } = useSession();
  const [secrets, setSecrets] = useState<Typed>({});
  const [env, setEnv] = useState<Environment>({});
  const [note, setNote] = useState("");
  const parameters = view.recipe.parameters ?? [];
  const wanted = environment(view.recipe);
  const run = useRun(view.id);
  const given = () => ({
    parameters: sent(parameters, { ...typed, ...secrets }),
    env: givenOf(wanted, env),
  });
  const start = (queue: boolean) => run.mutate({ ...given(), notes: note || null, queue });
  const errors = run.error instanceof Problem ? run.error.errors : [];
  const wrong = (name: string) => errors.find(({ path }) => path === `parameters.${name}`)?.message;
  // What is told at its field is told there alone, and whoever was refused is led to it.
  const placed = errors.length > 0 && errors.every(({ path }) => parameters.some(({ name }) => path === `parameters.${name}`));
  const place = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (placed) place.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [placed, run.error]);
  const runnable = may("maid.write") && !view.requires;
  // Such a run cannot wait: what it takes is kept nowhere.
  const secret = [...Object.values(secrets), ...Object.values(env)].some(Boolean);
  const touched = Object.values(typed).some((value) => value !== undefined);
  return (
    <Paper withBorder p="md" component="form" ref={place} noValidate onSubmit={(event) => (event.preventDefault(), start(false))}>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {say("recipe.parameters")}
        </Title>
        {touched && (
          <Button variant="subtle" size="compact-sm" onClick={() => (keep(null), run.reset())}>
            {say("recipe.reset")}
          </Button>
        )}
      </Group>
      {parameters.length === 0 && <Text c="dimmed">{say("recipe.no_parameters")}</Text>}
      {parameters.some((parameter) => parameter.default != null) && (
        <Text size="sm" c="dimmed" mb="sm">
          {say("recipe.defaults")}
        </Text>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: "start" }}>
        {parameters.map((parameter) => {
          const { name } = parameter;
          const [values, set] = isSecret(parameter) ? [secrets, setSecrets] : [typed, keep];
          return (
            <ParameterField
              key={name} parameter={parameter} value={values[name]} error={wrong(name)}
              onChange={(value) => set(Object.fromEntries(Object.entries({ ...values, [name]: value }).filter(([, one]) => one !== undefined)) as Typed)}
            />
          );
        })}
      </SimpleGrid>
      {wanted.length > 0 && (
        <Box mt="lg"><EnvironmentFields names={wanted} values={env} set={setEnv} order={3} id="recipe-env" /></Box>
      )}
      {view.requires && (
        <Alert color="orange" mt="md">
          {say(`recipe.cannot_${view.requires}`)}
        </Alert>
      )}
      {!may("maid.write") && <Text c="dimmed" mt="md">{say("recipe.read_only")}</Text>}
      {runnable && <TextInput mt="md" label={say("recipe.note")} maxLength={10_000} value={note} onChange={(event) => setNote(event.currentTarget.value)} />}
      <Refused error={placed ? null : run.error} queue={secret ? null : () => start(true)} pending={run.isPending} />
      {runnable && (
        <Group mt="md">
          <Button type="submit" leftSection={<IconPlayerPlay size={16} aria-hidden />} loading={run.isPending}>
            {say("recipe.run")}
          </Button>
          <DryRunButton asked={() => ({ recipe_id: view.id, ...given() })} test={view.recipe.loadtest} />
        </Group>
      )}
    </Paper>
  );
}

function useRun(id: string) {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (body: { parameters: Record<string, unknown>; env: Record<string, string>; notes: string | null; queue: boolean }) => {
      const params = { path: { id } };
      return answer(api.POST("/api/maid/recipes/{id}/run", { params, body: body as never }));
    },
    onSuccess: (started) => navigate({ to: "/results/$id", params: { id: started.run_id } }),
  });
}

/** Why it was not run; where another run is in the way, what can be done. */
function Refused({ error, queue, pending }: { error: Error | null; queue: (() => void) | null; pending: boolean }) {
  const { say } = useWords();
  if (!error) return null;
  if (!(error instanceof Problem) || error.code !== "run_active") {
    return (
      <Stack mt="md">
        <ProblemAlert error={error} />
      </Stack>
    );
  }
  return (
    <Alert color="yellow" mt="md" title={say("recipe.active")} role="alert">
      <Text size="sm">{say(queue ? "recipe.active_why" : "recipe.active_secret")}</Text>
      <Group mt="sm" gap="xs">
        {queue && (
          <Button size="xs" onClick={queue} loading={pending}>
            {say("recipe.queue")}
          </Button>
        )}
        {error.runId && (
          <ButtonLink size="xs" variant="default" to="/results/$id" params={{ id: error.runId }}>
            {say("recipe.watch")}
          </ButtonLink>
        )}
      </Group>
    </Alert>
  );
}
