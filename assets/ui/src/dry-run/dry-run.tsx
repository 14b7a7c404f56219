// What one pass through a test has shown, request by request.

import { Accordion, Alert, Badge, Button, Group, Loader, Modal, Stack, Text, Title } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";

import type { DryRun as Seen } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";

import { grouped, type Part, unsent } from "./body";
import { Step } from "./step";
import type { Trial } from "./use-dry-run";

/** A dialog for as long as a dry run goes on, or is looked at. */
export function DryRun({ trial, test }: { trial: Trial; test: unknown }) {
  const { say } = useWords();
  return (
    <Modal opened onClose={trial.close} title={say("dry.title")} size="64rem">
      <Stack>
        <Text size="sm" c="dimmed">{say("dry.why")}</Text>
        {trial.isPending && (
          <Group role="status" gap="sm">
            <Loader size="sm" aria-hidden />
            <Text size="sm">{say("dry.sending")}</Text>
          </Group>
        )}
        {trial.error && <ProblemAlert error={trial.error} />}
        {trial.seen && <What seen={trial.seen} test={test} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={trial.close}>{say(trial.isPending ? "action.cancel" : "action.close")}</Button>
          {/* It stays where it is, so that whoever presses it stays there as well. */}
          <Button leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => !trial.isPending && trial.send()} aria-disabled={trial.isPending}>
            {say("dry.again")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function What({ seen, test }: { seen: Seen; test: unknown }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const wrong = seen.steps.flatMap(({ failure }, place) => (failure ? [`${place}`] : []));
  const sent = say(seen.requests === 1 ? "dry.sent_one" : "dry.sent", { count: seen.requests, time: tell.ms(seen.duration_s * 1000) });
  const failed = seen.failures > 0 && say("dry.failures", { count: seen.failures });
  const parts = grouped(seen.steps).map((part) => ({ part, left: unsent(part, test) }));
  const count = parts.reduce((sum, { left }) => sum + left.length, 0);
  const left = count > 0 && say("dry.left", { count });
  return (
    <>
      <Group gap="sm" role="status">
        <Badge size="lg" variant="light" color={seen.passed ? "green" : "red"}>{say(seen.passed ? "dry.passed" : "dry.failed")}</Badge>
        <Text size="sm">{[sent, failed, left].filter(Boolean).join(", ")}</Text>
      </Group>
      {seen.ended_because && (
        <Alert color="yellow">
          {say("dry.not_all")} <span lang="en">{seen.ended_because}</span>
        </Alert>
      )}
      {seen.steps.length === 0 && <Text c="dimmed">{say("dry.nothing")}</Text>}
      <Accordion multiple variant="separated" defaultValue={wrong} chevronPosition="left" key={wrong.join()}>
        <Stack gap="md">
          {parts.map((one, index) => <Requests key={index} {...one} />)}
        </Stack>
      </Accordion>
    </>
  );
}

/** The requests of one transaction. */
function Requests({ part: { scenario, part, transaction, steps }, left }: { part: Part; left: string[] }) {
  const { say } = useWords();
  return (
    <section>
      <Title order={3} size="h6" mb={6} style={{ overflowWrap: "anywhere" }}>
        {scenario} / {transaction}
        {part !== "transactions" && <Text span size="sm" c="dimmed" fw={400}> {say(`dry.${part}`)}</Text>}
      </Title>
      {steps.map(({ step, place }) => <Step key={place} step={step} value={`${place}`} />)}
      {left.length > 0 && <Text size="sm" mt={6} style={{ overflowWrap: "anywhere" }}>{say("dry.left_why", { left: left.join(", ") })}</Text>}
    </section>
  );
}
