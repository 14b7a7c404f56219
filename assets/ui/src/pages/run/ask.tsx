// "Test my service": three questions, and then it runs.

import { Button, Group, Paper, Radio, SimpleGrid, Stack, Stepper, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconPencil, IconPlayerPlay } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";

import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";

import { address, type Amount, amounts, type Answers, limit, load, none, requests, test } from "./ask-test";
import { hand } from "./draft";
import { seconds } from "./shape";
import { StartProblem, useStart } from "./start";

const mono = { input: { fontFamily: "var(--mantine-font-family-monospace)" } };

interface Asking {
  answers: Answers;
  set: (change: Partial<Answers>) => void;
  /** Whether somebody wanted to go on, and what is wrong is told. */
  told: boolean;
}

/** Whether each question is answered. */
const answered: ((answers: Answers) => boolean)[] = [
  ({ url }) => address(url) !== null,
  (answers) => requests(answers).every(Boolean),
  (answers) => load(answers) !== null && limit(answers) !== null,
];

export function Ask({ step }: { step: number }) {
  const { say } = useWords();
  const { me } = useSession();
  const navigate = useNavigate();
  const start = useStart();
  const [answers, setAnswers, forget] = useLocalStorage<Answers>({ key: `maid.draft.ask.${me.id}`, defaultValue: none, getInitialValueInEffect: false });
  const [told, tell] = useState(false);
  // No question is asked before the one before it is answered.
  const open = answered.findIndex((is) => !is(answers));
  const now = Math.min(Math.max(Math.floor(step), 1), 3, open < 0 ? 3 : open + 1);
  const go = (to: number) => {
    tell(false);
    start.reset();
    void navigate({ to: "/run", search: { ask: to } });
  };
  const next = (event: FormEvent) => {
    event.preventDefault();
    if (!answered[now - 1]?.(answers)) return tell(true);
    if (now < 3) return go(now + 1);
    start.mutate({ loadtest: test(answers) }, { onSuccess: forget });
  };
  const edit = () => {
    if (!answered[2]?.(answers)) return tell(true);
    hand(test(answers));
    forget();
    void navigate({ to: "/run", search: {} });
  };
  const asking: Asking = { answers, told, set: (change) => setAnswers((old) => ({ ...old, ...change })) };
  const Question = [Where, What, HowMuch][now - 1] ?? Where;
  return (
    <Stack maw={760}>
      <Title order={1} size="h2">{say("ask.title")}</Title>
      <Stepper active={now - 1} onStepClick={(to) => go(to + 1)} allowNextStepsSelect={false} size="sm" visibleFrom="sm">
        {(["ask.step_where", "ask.step_what", "ask.step_much"] as const).map((key) => <Stepper.Step key={key} label={say(key)} />)}
      </Stepper>
      <Text size="sm" c="dimmed" hiddenFrom="sm">{say("ask.step", { step: now })}</Text>
      <form onSubmit={next} noValidate key={now}>
        <Stack>
          <Question {...asking} />
          {now === 3 && <InWords answers={answers} />}
          <StartProblem start={start} />
          <Group justify="space-between">
            {now > 1 ? <Button variant="default" onClick={() => go(now - 1)}>{say("ask.back")}</Button> : <span />}
            <Group gap="xs">
              {now === 3 && (
                <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={edit}>{say("ask.edit")}</Button>
              )}
              <Button type="submit" loading={start.isPending} {...(now === 3 ? { leftSection: <IconPlayerPlay size={16} aria-hidden /> } : {})}>
                {say(now === 3 ? "ask.start" : "ask.next")}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Stack>
  );
}

function Where({ answers, set, told }: Asking) {
  const { say } = useWords();
  return (
    <>
      <Title order={2} size="h4">{say("ask.where")}</Title>
      <TextInput
        label={say("ask.url")} description={say("ask.url_why")} placeholder="https://shop.example.com" type="url" inputMode="url" autoFocus
        value={answers.url} onChange={(event) => set({ url: event.currentTarget.value })}
        error={told && !address(answers.url) ? say("ask.url_wrong") : undefined}
      />
    </>
  );
}

function What({ answers, set, told }: Asking) {
  const { say } = useWords();
  const wrong = requests(answers).indexOf(null);
  return (
    <>
      <Title order={2} size="h4">{say("ask.what")}</Title>
      <Textarea
        label={say("ask.paths")} description={say("ask.paths_why")} placeholder={"/\n/products\nPOST /cart"} autosize minRows={4} maxRows={14}
        styles={mono} spellCheck={false} autoFocus value={answers.paths} onChange={(event) => set({ paths: event.currentTarget.value })}
        error={told && wrong >= 0 ? say("ask.paths_wrong", { line: wrong + 1 }) : undefined}
      />
    </>
  );
}

function HowMuch({ answers, set, told }: Asking) {
  const { say, language } = useWords();
  const tell = figures(language);
  const about = (amount: Exclude<Amount, "own">) => say("ask.amount_told", { users: amounts[amount].users, time: tell.seconds(seconds(amounts[amount].time)) });
  const users = Number(answers.users);
  return (
    <>
      <Title order={2} size="h4">{say("ask.much")}</Title>
      <Radio.Group aria-label={say("ask.much")} value={answers.amount} onChange={(amount) => set({ amount: amount as Amount })}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
          {(["gentle", "normal", "hard", "own"] as const).map((amount) => (
            <Paper withBorder p="sm" key={amount}>
              <Radio value={amount} label={say(`ask.${amount}`)} description={amount === "own" ? say("ask.own_why") : about(amount)} />
            </Paper>
          ))}
        </SimpleGrid>
      </Radio.Group>
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
        {answers.amount === "own" && (
          <>
            <TextInput
              label={say("run.users")} inputMode="numeric" value={answers.users} onChange={(event) => set({ users: event.currentTarget.value })}
              error={told && !(Number.isInteger(users) && users > 0) ? say("ask.users_wrong") : undefined}
            />
            <TextInput
              label={say("run.run_time")} value={answers.time} onChange={(event) => set({ time: event.currentTarget.value })}
              error={told && !seconds(answers.time) ? say("ask.time_wrong") : undefined}
            />
          </>
        )}
        <TextInput
          label={say("ask.p95")} value={answers.p95} onChange={(event) => set({ p95: event.currentTarget.value })}
          error={told && !limit(answers) ? say("ask.time_wrong") : undefined}
        />
      </SimpleGrid>
    </>
  );
}

/** The test, as one would tell somebody. */
function InWords({ answers }: { answers: Answers }) {
  const { say, language } = useWords();
  const much = load(answers);
  const most = limit(answers);
  if (!much || !most) return null;
  const sent = requests(answers).flatMap((one) => (one ? [`${one.method} ${one.path}`] : []));
  const shown = sent.slice(0, 5).join(", ") + (sent.length > 5 ? " …" : "");
  const time = figures(language).seconds(seconds(much.time));
  return (
    <Paper withBorder p="md" component="section" aria-label={say("ask.words")}>
      <Text style={{ overflowWrap: "anywhere" }}>
        {say(much.users === 1 ? "ask.words_one" : "ask.words_load", { users: much.users, host: address(answers.url)?.origin ?? "", time, sent: shown })}
      </Text>
      <Text mt="xs">{say("ask.words_pass", { most })}</Text>
    </Paper>
  );
}
