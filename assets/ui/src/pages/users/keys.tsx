// API keys: one's own; an admin sees all.

import { Alert, Badge, Box, Button, Group, Skeleton, Stack, Table, Text, useMatches, VisuallyHidden } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { answer, api } from "~/api/client";
import type { KeyView } from "~/api/schema";
import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";
import { useSure } from "~/parts/sure";
import { Who } from "~/parts/who";

import { Limits } from "./limits";
import { NewKeyForm } from "./new-key";
import { Person } from "./person";

const PAGE = 50;

export function Keys() {
  const { say } = useWords();
  const { may, me } = useSession();
  const admin = may("maid.admin");
  const search = useSearch({ from: "/users" });
  // Everybody else has their own alone.
  const owner = admin ? search.owner : undefined;
  const navigate = useNavigate({ from: "/users" });
  const [makes, make] = useState(false);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["keys", "list", owner],
    queryFn: ({ pageParam }) => answer(api.GET("/api/maid/keys", { params: { query: { limit: PAGE, owner, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const wide = useMatches({ base: false, sm: true });
  const keys = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        {admin ? (
          <Person
            label={say("keys.owner")} anybody={say("keys.everybody")} w={{ base: "100%", xs: 260 }} value={owner}
            choose={(owner) => void navigate({ search: (old) => ({ ...old, owner }), replace: true })}
          />
        ) : (
          <Text size="sm" c="dimmed">{say("keys.why")}</Text>
        )}
        {me.kind === "user" && <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => make(true)}>{say("keys.new")}</Button>}
      </Group>
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton h={200} />}
      {data && keys.length === 0 && <Alert>{say(owner && owner !== me.id ? "keys.none_of" : "keys.none")}</Alert>}
      {keys.length > 0 && (
        <Table.ScrollContainer minWidth={0} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
          <Table highlightOnHover verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{say("keys.name")}</Table.Th>
                {admin && <Table.Th visibleFrom="lg">{say("keys.owner")}</Table.Th>}
                <Table.Th visibleFrom="lg">{say("keys.scopes")}</Table.Th>
                <Table.Th visibleFrom="lg">{say("keys.limits")}</Table.Th>
                <Table.Th visibleFrom="lg">{say("keys.made")}</Table.Th>
                <Table.Th visibleFrom="lg">{say("keys.used")}</Table.Th>
                {wide && <Table.Th>{say("keys.ends")}</Table.Th>}
                <Table.Th><VisuallyHidden>{say("users.acts")}</VisuallyHidden></Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>{keys.map((key) => <Row key={key.id} of={key} admin={admin} wide={wide} />)}</Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {hasNextPage && (
        <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage} style={{ alignSelf: "center" }}>
          {say("action.more")}
        </Button>
      )}
      <NewKeyForm opened={makes} close={() => make(false)} />
    </Stack>
  );
}

function Row({ of, admin, wide }: { of: KeyView; admin: boolean; wide: boolean }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const ended = of.expires_at != null && Date.parse(of.expires_at) < Date.now();
  const ends = of.revoked_at ? <Badge color="gray" variant="light" miw="max-content" title={tell.date(of.revoked_at)}>{say("keys.revoked")}</Badge>
    : ended ? <Badge color="orange" variant="light" miw="max-content">{say("keys.ended")}</Badge>
    : of.expires_at ? tell.date(of.expires_at) : say("keys.no_end");
  return (
    <Table.Tr c={of.revoked_at || ended ? "dimmed" : undefined}>
      {/* It takes the room that the others leave. */}
      <Table.Td w="100%" maw={0} miw={140}>
        <Text size="sm" fw={500} truncate title={of.name}>{of.name}</Text>
        <Box hiddenFrom="lg" fz="xs" c="dimmed">
          {of.scopes.join(", ")}
          {!wide && <Box>{say("keys.ends")}: {ends}</Box>}
          {admin && <Who id={of.owner_id} kind="user" />}
        </Box>
      </Table.Td>
      {admin && <Table.Td visibleFrom="lg" maw={160}><Who id={of.owner_id} kind="user" /></Table.Td>}
      <Table.Td visibleFrom="lg" miw={170}>
        <Group gap={4}>{of.scopes.map((scope) => <Badge key={scope} size="sm" variant="light" tt="none" miw="max-content">{scope}</Badge>)}</Group>
      </Table.Td>
      <Table.Td miw={140} visibleFrom="lg"><Limits of={of.metadata} /></Table.Td>
      <Table.Td visibleFrom="lg">{tell.when(of.created_at)}</Table.Td>
      <Table.Td visibleFrom="lg">{of.last_used_at ? tell.when(of.last_used_at) : say("users.never")}</Table.Td>
      {wide && <Table.Td>{ends}</Table.Td>}
      <Table.Td ta="right">{!of.revoked_at && <Revoke of={of} />}</Table.Td>
    </Table.Tr>
  );
}

function Revoke({ of }: { of: KeyView }) {
  const { say } = useWords();
  const ask = useSure();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.DELETE("/api/maid/keys/{id}", { params: { path: { id: of.id } } }),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["keys"] }),
  });
  const sure = () => ask({ title: say("keys.revoke_sure", { name: of.name }), why: say("keys.revoke_why"), confirm: say("keys.revoke"), go: () => revoke.mutate() });
  return (
    <>
      <Button size="compact-sm" color="red" variant="light" onClick={sure} loading={revoke.isPending} aria-label={say("keys.revoke_of", { name: of.name })}>
        {say("keys.revoke")}
      </Button>
      {revoke.error && <ProblemAlert error={revoke.error} />}
    </>
  );
}
