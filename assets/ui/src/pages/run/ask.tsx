// "Test my service": three questions, and then it runs.

import { Button, Group, Paper, Stack, Stepper, Text, Title } from "@mantine/core";
import { IconPencil, IconPlayerPlay } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";

import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { useKeptDraft } from "~/parts/kept-draft";
import { NotKept } from "~/parts/not-kept";
import { ProblemAlert } from "~/parts/problem";

import { address, type Answers, base, isAnswers, limit, load, none, parted, requests, sentTo, test } from "./ask-test";
import { hand } from "./draft";
import { against, useLook } from "./probe";
import { type Asking, HowMuch, What, Where } from "./questions";
import { Recommended } from "./recommended";
import { seconds } from "./shape";
import { StartProblem, useStart } from "./start";

/** Whether each question is answered. */
const answered: ((answers: Answers) => boolean)[] = [
  ({ url }) => address(url) !== null,
  (answers) => requests(answers).every(Boolean),
  (answers) => load(answers) !== null && limit(answers) !== null,
];

export function Ask({ step }: { step: number }) {
  const { say } = useWords();
  const navigate = useNavigate();
  const [kept, keep, unkept] = useKeptDraft("ask", isAnswers);
  const answers = kept ?? none;
  const forget = () => keep(null);
  const start = useStart(forget);
  const look = useLook();
  const form = useRef<HTMLFormElement>(null);
  const [told, tell] = useState(0);
  // Whoever could not go on finds the field that is in the way.
  useEffect(() => {
    if (told > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [told, look.data]);
  const written = test(answers, say("ask.name", { host: address(answers.url)?.host ?? "" }));
  // No question is asked before the one before it is answered.
  const open = answered.findIndex((is) => !is(answers));
  const now = Math.min(Math.max(Math.floor(step), 1), 3, open < 0 ? 3 : open + 1);
  // Nor does an address that pointed ahead lead on while an answer is written.
  useEffect(() => {
    if (step !== now) void navigate({ to: "/run", search: { ask: now }, replace: true });
  }, []);
  const wrong = () => tell((times) => times + 1);
  const go = (to: number) => {
    tell(0);
    if (now === 1) keep(parted(answers));
    start.reset();
    void navigate({ to: "/run", search: { ask: to } });
  };
  const next = (event: FormEvent) => {
    event.preventDefault();
    const url = address(answers.url);
    if (!url || !answered[now - 1]?.(answers)) return wrong();
    if (now === 1 && !against(look, url)?.passable) return look.mutate(url, { onSuccess: (found) => (found && !found.below ? wrong() : go(2)) });
    if (now < 3) return go(now + 1);
    start.mutate({ loadtest: written });
  };
  const edit = () => {
    if (!answered[2]?.(answers)) return wrong();
    hand(written);
    forget();
    void navigate({ to: "/run", search: {} });
  };
  const asking: Asking = { answers, told: told > 0, look, set: (change) => keep({ ...answers, ...change }) };
  const Question = [Where, What, HowMuch][now - 1] ?? Where;
  return (
    <Stack maw={760}>
      <Title order={1} size="h2">{say("ask.title")}</Title>
      <Stepper active={now - 1} onStepClick={(to) => go(to + 1)} allowNextStepsSelect={false} size="sm" visibleFrom="sm">
        {(["ask.step_where", "ask.step_what", "ask.step_much"] as const).map((key) => <Stepper.Step key={key} label={say(key)} />)}
      </Stepper>
      <Text size="sm" c="dimmed" hiddenFrom="sm">{say("ask.step", { step: now })}</Text>
      <form onSubmit={next} noValidate key={now} ref={form}>
        <Stack>
          <Question {...asking} />
          {now === 3 && <InWords answers={answers} />}
          {now === 1 && look.error && <ProblemAlert error={look.error} />}
          <StartProblem start={start} />
          {unkept && <NotKept way="kept.send" />}
          <Group justify="space-between">
            {now > 1 ? <Button variant="default" onClick={() => go(now - 1)}>{say("ask.back")}</Button> : <span />}
            <Group gap="xs">
              {now === 3 && (
                <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={edit}>{say("ask.edit")}</Button>
              )}
              <Button type="submit" loading={start.isPending || look.isPending} {...(now === 3 ? { leftSection: <IconPlayerPlay size={16} aria-hidden /> } : {})}>
                {say(now === 3 ? "ask.start" : "ask.next")}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
      {/* Below all that can be pressed: what comes late moves nothing. */}
      {now === 1 && <Recommended url={answers.url} />}
    </Stack>
  );
}

/** The test, as one would tell somebody. */
function InWords({ answers }: { answers: Answers }) {
  const { say, language } = useWords();
  const much = load(answers);
  const most = limit(answers);
  if (!much || !most) return null;
  const sent = sentTo(answers).map(({ method, path }) => `${method} ${path}`);
  const shown = sent.slice(0, 5).join(", ") + (sent.length > 5 ? " …" : "");
  const time = figures(language).seconds(seconds(much.time));
  return (
    <Paper withBorder p="md" component="section" aria-label={say("ask.words")}>
      <Text style={{ overflowWrap: "anywhere" }}>
        {say(much.users === 1 ? "ask.words_one" : "ask.words_load", { users: much.users, host: base(answers), time, sent: shown })}
      </Text>
      <Text mt="xs">{say("ask.words_pass", { most })}</Text>
    </Paper>
  );
}
