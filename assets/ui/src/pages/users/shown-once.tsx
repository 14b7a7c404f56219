// Something that is shown once, to be copied.

import { Alert, Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { useWords } from "~/i18n";

export function Copied({ label, text }: { label: string; text: string }) {
  const { say } = useWords();
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>{label}</Text>
      <Group gap="xs" align="stretch" wrap="nowrap">
        <Code block flex={1} miw={0} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{text}</Code>
        <CopyButton value={text} timeout={2000}>
          {({ copied, copy }) => (
            <Button
              variant="default" h="auto" px="sm" onClick={copy} aria-label={`${say(copied ? "action.copied" : "action.copy")}: ${label}`}
              leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            >
              {say(copied ? "action.copied" : "action.copy")}
            </Button>
          )}
        </CopyButton>
      </Group>
    </div>
  );
}

export function ShownOnce({ why, children }: { why: string; children: ReactNode }) {
  return (
    <Stack>
      <Alert color="orange" role="status">{why}</Alert>
      {children}
    </Stack>
  );
}
