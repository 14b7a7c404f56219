// The editor of a LoadTest: a form and its code, two views of one text.

import { Alert, Button, Group, Paper, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";

import { answer, api, Problem } from "~/api/client";
import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { record } from "~/editor/document";
import { Edited } from "~/editor/editing";
import { State } from "~/editor/state";
import { useChecked } from "~/editor/use-checked";
import { useDocument, useEdited } from "~/editor/use-document";
import { Views } from "~/editor/views";
import { Writing } from "~/editor/writing";
import { useWords } from "~/i18n";
import { useDropped } from "~/parts/dropped";
import { type Environment, EnvironmentFields } from "~/parts/environment-fields";
import { isText } from "~/parts/fits";
import { useUnkept } from "~/parts/kept";
import { useKeptDraft } from "~/parts/kept-draft";
import { loaded } from "~/parts/loaded";
import { NotKept } from "~/parts/not-kept";
import { ProblemAlert } from "~/parts/problem";
import { useUnanswered } from "~/parts/unanswered";

import { Bar } from "./bar";
import { arrived, begin, keep, places } from "./draft";
import { Form } from "./form";
import { Hidden } from "./hidden";
import { useReplacing } from "./replacing";
import { shapeOf } from "./shape";
import { StartProblem, useStart } from "./start";
import { ENV, useGiven, useLacking } from "./use-given";

const ImportDialog = lazy(loaded(() => import("~/pages/recipes/import-dialog").then(({ ImportDialog }) => ({ default: ImportDialog }))));
const Preview = lazy(loaded(() => import("./preview").then(({ Preview }) => ({ default: Preview }))));

const checkWith = (env: Environment) => async (loadtest: string, signal: AbortSignal) =>
  await answer(api.POST("/api/maid/validate", { body: { loadtest, env }, signal }));

export function MAIDConfig() {
  const { say } = useWords();
  const { me, may } = useSession();
  const [beginning] = useState(() => begin(me.id));
  const [writing] = useState(() => new Writing(beginning, say("run.code")));
  const written = useDocument(writing);
  const { text, readable, reading, value } = written;

  useEffect(arrived, []);
  useEffect(() => keep(me.id, text), [me.id, text]);
  const unkept = useUnkept(...places(me.id));

  const [note, setNote] = useKeptDraft("run_note", isText);
  const start = useStart(() => setNote(null));
  const notes = note || null;
  // What was refused was another text.
  const { error: refusal, variables: tried, reset } = start;
  useEffect(() => {
    if (refusal && tried?.loadtest !== text) reset();
  }, [refusal, tried, reset, text]);
  const { env, asked, fields, lines, meant } = useGiven(text);
  const { checked, error, again } = useChecked(`loadtest ${JSON.stringify(asked)}`, text, readable, checkWith(asked));
  const problem = start.error instanceof Problem && start.variables?.loadtest === text ? start.error : null;
  const refused = useMemo(() => problem && { wrong: problem.code === "invalid_loadtest", errors: problem.errors }, [problem]);
  const lacks = useLacking(checked, refused, fields.names, env);
  // What has a place in the test is told there.
  const placed = lacks.refused !== null && lacks.refused.errors.length > 0;
  const unsent = useUnanswered(start.error) === "still";
  const { editing, troubles, unfinished } = useEdited(writing, written, lacks.checked, lacks.refused);
  const { offer, forget, bringBack, take, material, close, opened } = useReplacing(writing, text);
  useDropped(take);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">{say("run.title")}</Title>
        {/* What is not finished is not part of the test: it is not sent without it. */}
        <Bar
          writing={writing} text={text} reading={unfinished.length > 0 ? null : reading} start={start} env={env} notes={notes}
          hidden={lines.length > 0} ready={lacks.ready} bringBack={bringBack} file={take}
        />
      </Group>
      {offer && (
        <Alert withCloseButton closeButtonLabel={say("action.close")} onClose={forget}>
          <Group gap="sm">
            <Text size="sm">{say(`run.aside_${offer}`)}</Text>
            <Button size="compact-sm" variant="light" onClick={bringBack}>{say("run.bring_back")}</Button>
          </Group>
        </Alert>
      )}
      {/* What is told at its field or on its line is not told here as well. */}
      {!lacks.only && !placed && <StartProblem start={start} queues={unfinished.length === 0 && Object.keys(env).length === 0} notes={notes} />}
      <Edited value={editing}>
        <Stack gap="xs">
          {unkept && <NotKept way={may("maid.recipes") ? "kept.save_test" : "kept.copy"} />}
          <State
            troubles={troubles} unfinished={[...unfinished, ...lacks.missing]} waits={readable && checked?.text !== text} readable={readable} writing={writing}
            right={say("run.right")} insists={placed}
          />
          {error !== null && <ProblemAlert error={error} again={again} known={unsent} />}
        </Stack>
        <Hidden lines={lines} writing={writing} meant={meant} />
        {fields.names.length > 0 && <Paper withBorder p="md"><EnvironmentFields {...fields} order={2} id={ENV} missing={lacks.missing.map(({ label }) => label)} /></Paper>}
        <Views writing={writing} label={say("run.form")} readable={readable} above={<Ahead load={record(value["load"])} />}>
          <Form />
          {/* Beside the test, and no part of it. */}
          <TextInput label={say("recipe.note")} mt="xl" maxLength={10_000} value={note ?? ""} onChange={(event) => setNote(event.currentTarget.value)} />
        </Views>
      </Edited>
      {material && (
        <Suspense>
          <ImportDialog opened close={close} file={material} open={opened} />
        </Suspense>
      )}
    </Stack>
  );
}

function Ahead({ load }: { load: Record<string, unknown> }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const shape = useMemo(() => shapeOf(load), [load]);
  if (!shape) return <Text size="sm" c="dimmed">{say("run.preview_none")}</Text>;
  const length = shape.seconds === null ? say("run.takes_iterations", { count: shape.iterations ?? 0 }) : say("run.takes", { time: tell.seconds(shape.seconds) });
  return (
    <div>
      <Suspense fallback={<Skeleton h={206} />}>
        <Preview shape={shape} />
      </Suspense>
      <Text size="xs" c="dimmed">{say(shape.unit === "users" ? "run.most_users" : "run.most_rate", { most: tell.rate(shape.most) })} · {length}</Text>
    </div>
  );
}
