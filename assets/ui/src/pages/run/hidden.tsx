// Secrets that have to be written again.

import { Alert, Anchor, Button, Text } from "@mantine/core";

import type { Writing } from "~/editor/writing";
import { useWords } from "~/i18n";

/** Says where secrets were hidden, of which a start would know nothing. */
export function Hidden({ lines, writing, meant }: { lines: number[]; writing: Writing; meant: () => void }) {
  const { say } = useWords();
  if (lines.length === 0) return null;
  return (
    <Alert color="yellow" role="status" title={say("run.hidden")}>
      <Text size="sm">
        {say("run.hidden_why")}{" "}
        {lines.slice(0, 10).map((line) => (
          <Anchor key={line} component="button" type="button" size="sm" underline="always" c="inherit" mr="xs" onClick={() => writing.show(line)}>
            {say("run.line", { line })}
          </Anchor>
        ))}
      </Text>
      <Button size="compact-sm" variant="light" color="yellow" mt="xs" onClick={meant}>{say("run.hidden_meant")}</Button>
    </Alert>
  );
}
