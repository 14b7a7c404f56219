// Tests from words: what somebody says, what came of it, and where each field is from. Nothing is started here.

import { Button, Grid, Group, Stack, Text, Title } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useState } from "react";

import { useWords } from "~/i18n";
import { useKeptDraft } from "~/parts/kept-draft";
import { ProblemAlert } from "~/parts/problem";

import { Composer } from "./composer";
import { Progress } from "./progress";
import { TestMade } from "./test-made";
import { TurnCard } from "./turn-card";
import { useConversation } from "./use-conversation";

export function Generator() {
  const { say } = useWords();
  const talk = useConversation();
  const [draft, keep] = useKeptDraft<string>("generator.text");
  const [pointed, point] = useState<string | null>(null);
  const send = async (text: string) => (await talk.say(text)) && keep(null);
  const anew = () =>
    modals.openConfirmModal({
      title: say("generator.anew"),
      children: <Text size="sm">{say("generator.anew_sure")}</Text>,
      labels: { confirm: say("generator.anew"), cancel: say("action.cancel") },
      closeButtonProps: { "aria-label": say("action.close") },
      onConfirm: talk.forget,
    });
  const begun = talk.turns.length > 0;
  const composer = (
    <Stack gap="sm">
      {talk.error != null && <ProblemAlert error={talk.error} />}
      {talk.asking && <Progress text={talk.asking.text} step={talk.asking.step} giveUp={talk.giveUp} />}
      <Composer text={draft ?? ""} onChange={keep} send={(text) => void send(text)} busy={talk.asking !== null} begun={begun} />
    </Stack>
  );
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <div style={{ flex: "1 1 16rem" }}>
          <Title order={1} size="h2">
            {say("generator.title")}
          </Title>
          <Text c="dimmed" maw="60rem">
            {say("generator.why")}
          </Text>
        </div>
        {begun && (
          <Button variant="default" onClick={anew}>
            {say("generator.anew")}
          </Button>
        )}
      </Group>
      {!begun && <div style={{ maxWidth: "60rem" }}>{composer}</div>}
      {begun && talk.turn && (
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, lg: 5 }}>
            <Stack component="section" aria-label={say("generator.conversation")}>
              {talk.turns.map((turn) => (
                <TurnCard key={turn.id} turn={turn} talk={talk} pointed={pointed} point={point} />
              ))}
              {talk.turn !== talk.turns.at(-1) && <Text size="sm" c="dimmed">{say("generator.goes_on")}</Text>}
              {composer}
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <TestMade key={talk.turn.id} turn={talk.turn} pointed={pointed} point={point} />
          </Grid.Col>
        </Grid>
      )}
    </Stack>
  );
}
