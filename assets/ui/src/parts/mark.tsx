import { Group, Text } from "@mantine/core";

import icon from "~/icon.svg";

/** The name of MAID and its sign. */
export function Mark() {
  return (
    <Group gap="xs" wrap="nowrap">
      <img src={icon} alt="" width={28} height={28} />
      <Text component="span" fw={700} size="lg">
        MAID
      </Text>
    </Group>
  );
}
