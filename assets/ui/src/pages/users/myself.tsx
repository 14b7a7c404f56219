// Who one is, what one may, and one's password.

import { Badge, Group, List, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { useSession } from "~/app/session";
import { useWords } from "~/i18n";

import { Limits } from "./limits";
import { OwnPassword } from "./own-password";
import { OwnSessions } from "./own-sessions";

export function Myself() {
  const { say } = useWords();
  const { me } = useSession();
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Stack>
        <Box title={me.name}>
          <Group gap="xs" mb="xs">
            {me.role && <Badge variant="light">{say(`role.${me.role}`)}</Badge>}
            <Badge variant="outline" color="gray" tt="none">{say("me.tenant", { tenant: me.tenant_id })}</Badge>
            {me.kind !== "user" && <Badge variant="outline" color="gray" tt="none">{me.kind}</Badge>}
          </Group>
          {me.role && <Text size="sm">{say(`role.${me.role}_why`)}</Text>}
          {me.kind === "development" && <Text size="sm">{say("me.development")}</Text>}
        </Box>
        <Box title={say("me.may")}>
          <List size="sm" spacing={6} icon={<IconCheck size={16} color="var(--mantine-color-green-6)" aria-hidden />}>
            {me.scopes.map((scope) => (
              <List.Item key={scope}>{say(`scope.${scope}`)} <Text span size="xs" c="dimmed">{scope}</Text></List.Item>
            ))}
          </List>
        </Box>
        <Box title={say("me.limits")}><Limits of={me.limits} none={say("me.no_limits")} /></Box>
      </Stack>
      {me.kind === "user" && (
        <Stack>
          <Box title={say("me.password")}>
            {me.provider ? <Text size="sm" style={{ overflowWrap: "anywhere" }}>{say("me.elsewhere", { provider: me.provider })}</Text> : <OwnPassword />}
          </Box>
          <Box title={say("me.sessions")}><OwnSessions /></Box>
        </Stack>
      )}
    </SimpleGrid>
  );
}

function Box({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} size="h4" mb="sm" style={{ overflowWrap: "anywhere" }}>{title}</Title>
      {children}
    </Paper>
  );
}
