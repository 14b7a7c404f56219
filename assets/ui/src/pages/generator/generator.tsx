// Tests from words: what somebody says, what came of it, and where each field is from. Nothing is started here.

import { Alert, Button, Grid, Group, Stack, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useRef, useState } from "react";

import { Problem } from "~/api/client";
import { useWords } from "~/i18n";
import { isText } from "~/parts/fits";
import { useKeptDraft } from "~/parts/kept-draft";
import { NotKept } from "~/parts/not-kept";
import { ProblemAlert } from "~/parts/problem";
import { useSure } from "~/parts/sure";

import { Composer } from "./composer";
import { Progress } from "./progress";
import { TestMade } from "./test-made";
import { TurnCard } from "./turn-card";
import { useConversation } from "./use-conversation";

export function Generator() {
  const { say } = useWords();
  const ask = useSure();
  const talk = useConversation();
  const [draft, keep, unkept] = useKeptDraft("generator.text", isText);
  const [pointed, point] = useState<string | null>(null);
  const latest = useRef(draft);
  latest.current = draft;
  // What is written while an answer is made is no part of the question.
  const send = async (text: string) => (await talk.say(text)) && latest.current === text && keep(null);
  const anew = () => ask({ title: say("generator.anew"), why: say("generator.anew_sure"), confirm: say("generator.anew"), go: talk.forget, safe: true });
  const begun = talk.turns.length > 0;
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
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: begun ? 5 : 9 }}>
          <Stack component="section" aria-label={say("generator.conversation")}>
            {talk.turns.map((turn) => (
              <TurnCard key={turn.id} turn={turn} talk={talk} pointed={pointed} point={point} />
            ))}
            {talk.turn && talk.turn !== talk.turns.at(-1) && <Text size="sm" c="dimmed">{say("generator.goes_on")}</Text>}
            <VisuallyHidden role="status">{talk.turn && !talk.asking && say(talk.turn.answer.complete ? "generator.complete" : "generator.incomplete")}</VisuallyHidden>
            <Stack key="composer" gap="sm">
              {talk.error != null && <Broken error={talk.error} />}
              {talk.asking && <Progress text={talk.asking.text} step={talk.asking.step} giveUp={talk.giveUp} />}
              {unkept && <NotKept way="kept.send" />}
              <Composer text={draft ?? ""} onChange={keep} send={(text) => void send(text)} busy={talk.asking !== null} begun={begun} />
            </Stack>
          </Stack>
        </Grid.Col>
        {talk.turn && (
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <TestMade key={talk.turn.id} turn={talk.turn} pointed={pointed} point={point} />
          </Grid.Col>
        )}
      </Grid>
    </Stack>
  );
}

/** Why there is no answer. Where none came at all, nobody tries again but whoever asked. */
function Broken({ error }: { error: unknown }) {
  const { say } = useWords();
  if (!(error instanceof Problem) || error.status !== 0) return <ProblemAlert error={error} />;
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />}>
      {say("generator.broken")}
    </Alert>
  );
}
