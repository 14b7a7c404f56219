// Says beside what is written that the browser does not keep it.

import { Alert, Text } from "@mantine/core";

import { useWords } from "~/i18n";

interface Props {
  /** What somebody can do about it. */
  way?: "kept.save" | "kept.save_test" | "kept.send" | "kept.copy";
}

export function NotKept({ way = "kept.save" }: Props) {
  const { say } = useWords();
  return (
    <Alert color="yellow" role="status" p="xs">
      <Text size="sm">{say("kept.not")} {say(way)}</Text>
    </Alert>
  );
}
