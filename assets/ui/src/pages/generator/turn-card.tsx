// One sentence of the conversation, what was used of it, and what is still to be said.

import { Alert, Badge, Button, Group, List, Paper, Stack, Text } from "@mantine/core";

import { useWords } from "~/i18n";

import { Question } from "./question";
import type { Turn } from "./model";
import type { Conversation } from "./use-conversation";
import { type Pointing, Words } from "./words";

export function TurnCard({ turn, talk, ...pointing }: Pointing & { turn: Turn; talk: Conversation }) {
  const { say } = useWords();
  const { answer } = turn;
  const shown = turn === talk.turn;
  const said = answer.questions.length + answer.unused.length + answer.notes.length > 0 || answer.engine.degraded;
  return (
    <Paper withBorder p="md" component="article" style={shown ? { borderColor: "var(--mantine-primary-color-filled)" } : undefined}>
      {shown ? <Words turn={turn} {...pointing} /> : <Text style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }} lineClamp={6}>{turn.text}</Text>}
      {talk.turns.length > 1 && (
        <Group mt="xs">
          {shown ? (
            <Badge variant="light">
              {say("generator.shown")}
            </Badge>
          ) : (
            <Button variant="subtle" size="compact-sm" onClick={() => talk.show(turn.id)}>
              {say("generator.show")}
            </Button>
          )}
        </Group>
      )}
      {shown && said && (
        <Stack gap="sm" mt="md">
          {answer.questions.map((question) => (
            <Question key={question.about + question.text} question={question} talk={talk} />
          ))}
          {answer.engine.degraded && (
            <Alert color="yellow" title={say("generator.degraded")}>
              <Text size="sm" lang="en" style={{ overflowWrap: "anywhere" }}>
                {answer.engine.degraded_because.join("; ")}
              </Text>
            </Alert>
          )}
          <Told title={say("generator.unused")} lines={answer.unused.map(({ span, reason }) => [span.text, reason])} />
          <Told title={say("generator.notes")} lines={answer.notes.map((note) => ["", note])} />
        </Stack>
      )}
    </Paper>
  );
}

function Told({ title, lines }: { title: string; lines: [words: string, told: string][] }) {
  if (lines.length === 0) return null;
  return (
    <section>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <List size="sm" pr="xs">
        {lines.map(([words, told], at) => (
          <List.Item key={at} style={{ overflowWrap: "anywhere" }}>
            {words && <q>{words}</q>}
            {words && ": "}
            <span lang="en">{told}</span>
          </List.Item>
        ))}
      </List>
    </section>
  );
}
