// The users of the tenant, for admins.

import { Badge, Button, Group, Skeleton, Stack, Table, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { answer, api } from "~/api/client";
import type { UserView } from "~/api/schema";
import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { ButtonLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";
import { useTypedInAddress } from "~/parts/typed-in-address";

import { ChangeUser } from "./change-user";
import { NewUserForm } from "./new-user";
import { statusColours } from "./role";

const PAGE = 50;
const nowrap = { whiteSpace: "nowrap" } as const;

export function People() {
  const { say } = useWords();
  const [makes, make] = useState(false);
  const [changed, change] = useState<UserView | null>(null);
  const search = useSearch({ from: "/users" });
  const navigate = useNavigate({ from: "/users" });
  const name = search.name;
  const [typed, type] = useTypedInAddress(name ?? "", (typed) => void navigate({ search: (old) => ({ ...old, name: typed || undefined }), replace: true }));
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["users", "list", name],
    queryFn: ({ pageParam }) => answer(api.GET("/api/maid/users", { params: { query: { limit: PAGE, cursor: pageParam, name } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const users = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        <TextInput label={say("users.search")} type="search" data-search value={typed} onChange={(event) => type(event.currentTarget.value)} />
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => make(true)}>{say("users.new")}</Button>
      </Group>
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton h={240} />}
      {data && users.length === 0 && <Text>{say("users.nobody")}</Text>}
      {users.length > 0 && (
        <Table.ScrollContainer minWidth={0}>
          <Table highlightOnHover verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{say("users.name")}</Table.Th>
                <Table.Th visibleFrom="lg">{say("users.role")}</Table.Th>
                <Table.Th visibleFrom="sm">{say("users.status")}</Table.Th>
                <Table.Th visibleFrom="lg">{say("users.email")}</Table.Th>
                <Table.Th visibleFrom="lg">{say("users.last_login")}</Table.Th>
                <Table.Th visibleFrom="lg">{say("users.made")}</Table.Th>
                <Table.Th><VisuallyHidden>{say("users.acts")}</VisuallyHidden></Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>{users.map((user) => <Row key={user.id} user={user} change={() => change(user)} />)}</Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {hasNextPage && (
        <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage} style={{ alignSelf: "center" }}>
          {say("action.more")}
        </Button>
      )}
      <NewUserForm opened={makes} close={() => make(false)} />
      {changed && <ChangeUser key={changed.id} user={changed} close={() => change(null)} />}
    </Stack>
  );
}

function Row({ user, change }: { user: UserView; change: () => void }) {
  const { say, language } = useWords();
  const { me } = useSession();
  const tell = figures(language);
  return (
    <Table.Tr>
      {/* It takes the room that the others leave. */}
      <Table.Td w="100%" maw={0}>
        <Group gap="xs" wrap="nowrap">
          <Text size="sm" fw={500} truncate title={user.username}>{user.username}</Text>
          {user.id === me.id && <Badge size="xs" variant="outline">{say("users.you")}</Badge>}
          {user.provider && <Badge size="xs" variant="outline" color="gray" tt="none">{user.provider}</Badge>}
        </Group>
        <Text size="xs" c="dimmed" hiddenFrom="lg" style={{ overflowWrap: "anywhere" }}>
          {say(`role.${user.role}`)}
          <Text span inherit hiddenFrom="sm"> · {say(`user_status.${user.status}`)}</Text>
          {user.email && ` · ${user.email}`}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="lg">{say(`role.${user.role}`)}</Table.Td>
      <Table.Td visibleFrom="sm">
        <Badge color={statusColours[user.status]} variant="light" miw="max-content">{say(`user_status.${user.status}`)}</Badge>
      </Table.Td>
      <Table.Td maw={220} visibleFrom="lg"><Text size="sm" truncate title={user.email ?? undefined}>{user.email ?? "–"}</Text></Table.Td>
      <Table.Td visibleFrom="lg" style={nowrap}>{user.last_login_at ? tell.when(user.last_login_at) : say("users.never")}</Table.Td>
      <Table.Td visibleFrom="lg" style={nowrap}>{tell.when(user.created_at)}</Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap" justify="flex-end">
          <ButtonLink
            to="/users" search={{ tab: "keys", owner: user.id }} size="compact-sm" variant="subtle" visibleFrom="sm" aria-label={say("users.keys_of", { name: user.username })}
          >
            {say("users.tab_keys")}
          </ButtonLink>
          <Button size="compact-sm" variant="default" onClick={change} aria-label={say("users.change_of", { name: user.username })}>
            {say("users.change")}
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
