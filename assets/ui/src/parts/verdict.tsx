// How a run is, in a word or two.

import { Badge, Group, Text } from "@mantine/core";

import { useWords } from "~/i18n";

import { endingOf, type Told } from "./ending";

/** `stacked`: in a column that has no room for two things beside each other. */
export function Verdict({ stacked = false, ...told }: Told & { stacked?: boolean }) {
  const { say } = useWords();
  const { first, colour, beside } = endingOf(told);
  return (
    <Group component="span" display="inline-flex" gap="0 8px" style={stacked ? { flexDirection: "column", alignItems: "flex-start" } : undefined}>
      <Badge component="span" color={colour} variant="light" style={{ flexShrink: 0, minWidth: "max-content" }}>
        {say(first)}
      </Badge>
      {beside && <Text span size="xs" lh={1.3} fw={500} c={beside.bad ? "red" : "dimmed"} style={{ whiteSpace: "nowrap" }}>{say(beside.word)}</Text>}
    </Group>
  );
}
