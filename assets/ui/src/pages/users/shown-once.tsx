// Something that is shown once, to be copied.

import { Alert, Code, Group, Stack, Text } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";

import { CopyText } from "~/parts/copy-text";

export function Copied({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>{label}</Text>
      <Group gap="xs" align="stretch" wrap="nowrap">
        <Code block flex={1} miw={0} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{text}</Code>
        <CopyText text={text} what={label} h="auto" px="sm" style={{ flexShrink: 0 }} />
      </Group>
    </div>
  );
}

export function ShownOnce({ why, children }: { why: string; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  // What was pressed is gone: whoever listens or goes on by keys is here now.
  useEffect(() => place.current?.focus(), []);
  return (
    <Stack>
      <Alert color="orange" ref={place} tabIndex={-1}>{why}</Alert>
      {children}
    </Stack>
  );
}
