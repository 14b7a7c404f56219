// The editor of a LoadTest: a form and its code, two views of one text.

import { Alert, Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { type DragEvent, lazy, Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";

import { Problem } from "~/api/client";
import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { loaded } from "~/parts/loaded";
import { ProblemAlert } from "~/parts/problem";

import { Bar } from "./bar";
import { isReading, lineOf, read, type Reading, record } from "./document";
import { arrived, begin, keep } from "./draft";
import { Edited, type Editing } from "./editing";
import { Form } from "./form";
import { useReplacing } from "./replacing";
import classes from "./run.module.css";
import { shapeOf } from "./shape";
import { StartProblem, useStart } from "./start";
import { State } from "./state";
import { troublesOf } from "./troubles";
import { useChecked } from "./use-checked";
import { Writing } from "./writing";

const ImportDialog = lazy(loaded(() => import("~/pages/recipes/import-dialog").then(({ ImportDialog }) => ({ default: ImportDialog }))));
const Preview = lazy(loaded(() => import("./preview").then(({ Preview }) => ({ default: Preview }))));


export function MAIDConfig() {
  const { say } = useWords();
  const { me } = useSession();
  const [beginning] = useState(() => begin(me.id));
  const [writing] = useState(() => new Writing(beginning.text, say("run.code")));
  const text = useSyncExternalStore(writing.watch, () => writing.text);
  const reading = useMemo(() => read(text), [text]);
  const readable = isReading(reading);
  const [last, setLast] = useState<Reading | null>(readable ? reading : null);
  if (readable && last !== reading) setLast(reading);

  useEffect(arrived, []);
  useEffect(() => keep(me.id, text), [me.id, text]);

  const start = useStart();
  // What was refused was another text.
  const { error: refusal, variables: tried, reset } = start;
  useEffect(() => {
    if (refusal && tried?.loadtest !== text) reset();
  }, [refusal, tried, reset, text]);
  const { checked, error, again } = useChecked(text, readable);
  const problem = start.error instanceof Problem && start.variables?.loadtest === text ? start.error : null;
  const troubles = useMemo(() => {
    const refused = problem && { wrong: problem.code === "invalid_loadtest", errors: problem.errors };
    return troublesOf(text, reading, checked, refused);
  }, [text, reading, checked, problem]);
  // What only may be is marked nowhere.
  const marked = useMemo(() => troubles.filter(({ kind }) => kind !== "perhaps"), [troubles]);
  useEffect(() => writing.mark(marked), [writing, marked]);

  const editing: Editing = {
    value: last?.value ?? {},
    troubles: marked,
    change: (what, change) => readable && writing.change(what, change),
    show: (place) => readable && writing.show(lineOf(reading, place)),
  };
  const { replaced, forget, bringBack, take, material, close, opened } = useReplacing(writing, text, beginning.replaced);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">{say("run.title")}</Title>
        <Bar writing={writing} text={text} reading={readable ? reading : null} start={start} bringBack={bringBack} file={take} />
      </Group>
      {replaced && (
        <Alert withCloseButton closeButtonLabel={say("action.close")} onClose={forget}>
          <Group gap="sm">
            <Text size="sm">{say("run.replaced")}</Text>
            <Button size="compact-sm" variant="light" onClick={bringBack}>{say("run.bring_back")}</Button>
          </Group>
        </Alert>
      )}
      <StartProblem start={start} />
      <Edited value={editing}>
        <Stack gap="xs">
          <State troubles={troubles} waits={readable && checked?.text !== text} readable={readable} writing={writing} />
          {error !== null && <ProblemAlert error={error} again={again} />}
        </Stack>
        <div className={classes.views}>
          <Form disabled={!readable} undo={writing.undo} redo={writing.redo} />
          <div className={classes.beside}>
            <Ahead load={record(last?.value["load"])} />
            <Code writing={writing} file={take} />
          </div>
        </div>
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

function Code({ writing, file }: { writing: Writing; file: (file: File) => void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.append(writing.view.dom);
    writing.view.requestMeasure();
    // Gone only where the page is: what is put back at once goes on.
    return () => void setTimeout(() => writing.view.dom.isConnected || writing.view.destroy());
  }, [writing]);
  // The editor itself would put the file into the middle of what is there.
  const drop = (event: DragEvent) => {
    const dropped = event.dataTransfer.files[0];
    if (!dropped) return;
    event.preventDefault();
    event.stopPropagation();
    file(dropped);
  };
  return <div ref={place} className={classes.code} onDragOver={(event) => event.preventDefault()} onDropCapture={drop} />;
}
