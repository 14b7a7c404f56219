// Says that what somebody wrote before is there again.

import { Alert, Button, Group, Text } from "@mantine/core";

import { useWords } from "~/i18n";

export function KeptNote({ discard }: { discard: () => void }) {
  const { say } = useWords();
  return (
    <Alert color="blue" role="status" p="xs">
      <Group justify="space-between">
        <Text size="sm">{say("preset.kept")}</Text>
        <Button size="xs" variant="default" onClick={discard}>{say("preset.discard")}</Button>
      </Group>
    </Alert>
  );
}
