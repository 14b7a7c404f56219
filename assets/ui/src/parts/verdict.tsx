// How a run is, in a word or two.

import { Badge, Group, Text } from "@mantine/core";

import { useWords } from "~/i18n";

import { endingOf, type Told } from "./ending";

export function Verdict(told: Told) {
  const { say } = useWords();
  const { first, colour, beside } = endingOf(told);
  return (
    <Group gap="0 8px" component="span" display="inline-flex">
      <Badge component="span" color={colour} variant="light" style={{ flexShrink: 0, minWidth: "max-content" }}>
        {say(first)}
      </Badge>
      {beside && <Text span size="xs" fw={500} c={beside.bad ? "red" : "dimmed"} style={{ whiteSpace: "nowrap" }}>{say(beside.word)}</Text>}
    </Group>
  );
}
