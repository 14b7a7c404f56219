// An address that can be copied, and its QR code.

import { Anchor, Code, Group, Paper, Stack, Text } from "@mantine/core";
import { useState } from "react";

import { BASE } from "~/api/client";
import { useWords } from "~/i18n";
import { CopyText } from "~/parts/copy-text";

export function Address({ name, why, text, open }: { name: string; why?: string; text: string; open?: boolean }) {
  const { say } = useWords();
  return (
    <div>
      <Text size="sm" fw={600}>{name}</Text>
      {why && <Text size="xs" c="dimmed">{why}</Text>}
      <Code block mt={4} tabIndex={0} role="region" aria-label={name} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere", maxHeight: 96, overflowY: "auto" }}>{text}</Code>
      <Group gap="sm" mt={6}>
        <CopyText text={text} what={name} size="xs" />
        {open && <Anchor href={text} size="sm" target="_blank" rel="noreferrer">{say("link.open")}</Anchor>}
      </Group>
    </div>
  );
}

export function QrCode({ id, title }: { id: string; title: string }) {
  const { say } = useWords();
  const [lost, lose] = useState(false);
  const picture = (format: string) => `${BASE}/api/maid/deeplinks/${encodeURIComponent(id)}/qrcode?format=${format}&size=1024`;
  if (lost) return <Text size="sm">{say("link.qr_none")}</Text>;
  return (
    <Stack gap={6} align="center">
      {/* Cameras want it dark on white, also where the page is dark. */}
      <Paper bg="white" p="xs" withBorder>
        <img src={picture("svg")} width={176} height={176} alt={say("link.qr", { title })} onError={() => lose(true)} style={{ display: "block" }} />
      </Paper>
      <Anchor href={picture("png")} download={`${id}.png`} size="sm">{say("link.qr_save")}</Anchor>
    </Stack>
  );
}
