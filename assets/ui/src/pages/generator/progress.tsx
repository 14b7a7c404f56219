// How far an answer is.

import { Button, Group, Loader, Paper, Progress as Bar, Text } from "@mantine/core";

import { useWords } from "~/i18n";

import { type Step, steps } from "./ask";

export function Progress({ text, step, giveUp }: { text: string; step: Step; giveUp: () => void }) {
  const { say } = useWords();
  const word = say(`generator.step.${step}`);
  return (
    <Paper withBorder p="md">
      <Text size="sm" c="dimmed" lineClamp={2} mb="xs">
        {text}
      </Text>
      <Group justify="space-between" wrap="nowrap">
        <Group gap="xs" role="status" wrap="nowrap">
          <Loader size="xs" aria-hidden />
          <Text size="sm">{word}</Text>
        </Group>
        <Button variant="default" size="xs" onClick={giveUp} style={{ flexShrink: 0 }}>
          {say("generator.give_up")}
        </Button>
      </Group>
      <Bar mt="xs" value={(steps.indexOf(step) / steps.length) * 100} aria-label={word} />
    </Paper>
  );
}
