// The editor of a LoadTest: a form and its code, two views of one text.

import { Alert, Anchor, Button, Group, Loader, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { type DragEvent, lazy, Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";

import { Problem } from "~/api/client";
import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { loaded } from "~/parts/loaded";
import { ProblemAlert } from "~/parts/problem";

import { Bar } from "./bar";
import { isReading, lineOf, read, type Reading, record } from "./document";
import { arrived, aside, begin, keep, putAside } from "./draft";
import { Edited, type Editing } from "./editing";
import { useFile } from "./file";
import { Form } from "./form";
import classes from "./run.module.css";
import { shapeOf } from "./shape";
import { StartProblem, useStart } from "./start";
import { type Trouble, useChecked, useTroubles } from "./use-problems";
import { Writing } from "./writing";

const ImportDialog = lazy(loaded(() => import("~/pages/recipes/import-dialog").then(({ ImportDialog }) => ({ default: ImportDialog }))));
const Preview = lazy(loaded(() => import("./preview").then(({ Preview }) => ({ default: Preview }))));

const SHOWN = 6;
const nothing: { path: string; message: string }[] = [];

export function MAIDConfig() {
  const { say } = useWords();
  const { me } = useSession();
  const [beginning] = useState(() => begin(me.id));
  const [writing] = useState(() => new Writing(beginning.text, say("run.code")));
  const [replaced, setReplaced] = useState(beginning.replaced);
  const text = useSyncExternalStore(writing.watch, () => writing.text);
  const reading = useMemo(() => read(text), [text]);
  const readable = isReading(reading);
  const [last, setLast] = useState<Reading | null>(readable ? reading : null);
  if (readable && last !== reading) setLast(reading);

  useEffect(arrived, []);
  useEffect(() => keep(me.id, text), [me.id, text]);

  const start = useStart();
  const refused = start.error instanceof Problem && start.variables?.loadtest === text ? start.error.errors : nothing;
  const { checked, error, again } = useChecked(text, readable);
  const troubles = useTroubles(text, reading, checked, refused);
  useEffect(() => writing.mark(troubles), [writing, troubles]);

  const editing: Editing = {
    value: last?.value ?? {},
    troubles,
    change: (what, change) => readable && writing.change(what, change),
    show: (place) => readable && writing.show(lineOf(reading, place)),
  };
  const open = (other: string) => {
    putAside(me.id, text);
    writing.replace(other);
    setReplaced(true);
    decided();
  };
  const { take, material, decided } = useFile(open);
  const bringBack = () => {
    const earlier = aside(me.id);
    if (earlier !== null) {
      putAside(me.id, text);
      writing.replace(earlier);
    }
    setReplaced(false);
  };
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">{say("run.title")}</Title>
        <Bar writing={writing} text={text} reading={readable ? reading : null} start={start} bringBack={bringBack} file={take} />
      </Group>
      {replaced && (
        <Alert withCloseButton closeButtonLabel={say("action.close")} onClose={() => setReplaced(false)}>
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
          <ImportDialog opened close={decided} file={material} open={open} />
        </Suspense>
      )}
    </Stack>
  );
}

/** Whether it can be run, and else why not. */
function State({ troubles, waits, readable, writing }: { troubles: Trouble[]; waits: boolean; readable: boolean; writing: Writing }) {
  const { say } = useWords();
  const [all, setAll] = useState(false);
  if (troubles.length === 0) {
    return (
      <Group gap={6} role="status" c={waits ? "dimmed" : "var(--run-good)"} className={classes.state}>
        {waits ? <Loader size={14} color="gray" aria-hidden /> : <IconCircleCheck size={16} aria-hidden />}
        <Text size="sm">{say(waits ? "run.checking" : "run.right")}</Text>
      </Group>
    );
  }
  const shown = all ? troubles : troubles.slice(0, SHOWN);
  const wrong = troubles.some(({ obstacle }) => !obstacle);
  const count = say(troubles.length === 1 ? "run.wrong_one" : "run.wrong", { count: troubles.length });
  const title = !readable ? say("run.unreadable") : wrong ? count : say("run.obstacles");
  const color = wrong ? "red" : "yellow";
  return (
    <Alert color={color} icon={<IconAlertTriangle aria-hidden />} title={title} role="status">
      {shown.map(({ path, line, message }, index) => (
        <Text key={index} size="sm" style={{ overflowWrap: "anywhere" }}>
          <Anchor component="button" type="button" size="sm" underline="always" c="inherit" onClick={() => writing.show(line)}>
            {say("run.line", { line })}
          </Anchor>{" "}
          <span lang="en">
            {path && <code>{path}</code>} {message}
          </span>
        </Text>
      ))}
      {shown.length < troubles.length && (
        <Button size="compact-xs" variant="subtle" color={color} onClick={() => setAll(true)}>{say("run.all_wrong", { count: troubles.length })}</Button>
      )}
    </Alert>
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
