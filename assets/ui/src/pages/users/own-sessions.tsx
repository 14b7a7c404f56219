// Where one is signed in, and how that is ended elsewhere.

import { Badge, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import type { Session } from "~/api/schema";
import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { useFailed } from "~/parts/failed";
import { ProblemAlert } from "~/parts/problem";

export function OwnSessions() {
  const { say } = useWords();
  const { signOut } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: ["sessions"],
    queryFn: () => answer(api.GET("/api/maid/auth/sessions", { params: { query: { limit: 200 } } })),
  });
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm">{say("me.sessions_why")}</Text>
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton h={48} />}
      {data && (
        <Stack gap="xs" component="ul" m={0} p={0} w="100%" style={{ listStyle: "none" }}>
          {data.items.map((session) => <One key={session.id} session={session} />)}
        </Stack>
      )}
      <Button variant="default" leftSection={<IconLogout size={16} aria-hidden />} onClick={signOut}>{say("app.sign_out")}</Button>
    </Stack>
  );
}

function One({ session: { id, kind, address, created_at, current } }: { session: Session }) {
  const { say, language } = useWords();
  const queries = useQueryClient();
  const failed = useFailed();
  const end = useMutation({
    mutationFn: () => api.DELETE("/api/maid/auth/sessions/{id}", { params: { path: { id } } }),
    onError: failed,
    onSettled: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
  const began = figures(language).when(created_at);
  return (
    <Group component="li" justify="space-between" wrap="nowrap" gap="xs">
      <div>
        <Text size="sm">{say(`me.session_${kind}`)}{address && ` · ${address}`}</Text>
        <Text size="xs" c="dimmed">{say("me.session_since", { when: began })}</Text>
      </div>
      {current && <Badge variant="light" style={{ flexShrink: 0 }}>{say("me.session_this")}</Badge>}
      {!current && (
        <Button size="compact-sm" variant="light" color="red" loading={end.isPending} onClick={() => end.mutate()} aria-label={say("me.session_end_of", { when: began })}>
          {say("me.session_end")}
        </Button>
      )}
    </Group>
  );
}
