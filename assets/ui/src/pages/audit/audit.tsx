// Who did what: the newest first, filtered by the server; whether the log is sound; and all of it to take away.

import { Alert, Button, Group, Skeleton, Stack, Table, Text, Title, useMatches, VisuallyHidden } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { answer, api, BASE } from "~/api/client";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";

import { Entry } from "./entry";
import { Filters } from "./filters";
import type { AuditSearch } from "./search";
import { VerifyLog } from "./verify";

const PAGE = 50;

export function Audit() {
  const { say } = useWords();
  const { may } = useSession();
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">{say("nav.audit")}</Title>
        {may("maid.admin") && (
          <Button component="a" href={`${BASE}/api/maid/audit/export`} download variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
            {say("audit.export")}
          </Button>
        )}
      </Group>
      {may("maid.admin") ? <Log /> : <Alert color="red" role="alert" title={say("problem.forbidden")}>{say("audit.admins_only")}</Alert>}
    </Stack>
  );
}

function Log() {
  const { say } = useWords();
  const search = useSearch({ from: "/audit" });
  const navigate = useNavigate({ from: "/audit" });
  const see = (change: AuditSearch) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  const { entry: open, ...filters } = search;
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage, isPlaceholderData } = useInfiniteQuery({
    queryKey: ["audit", "list", filters],
    queryFn: ({ pageParam }) => answer(api.GET("/api/maid/audit", { params: { query: { ...filters, limit: PAGE, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const wide = useMatches({ base: false, md: true });
  const entries = data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  return (
    <>
      <VerifyLog />
      <Filters search={search} see={see} />
      {isFiltered && <Text size="sm" c="dimmed">{say("audit.export_all")}</Text>}
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton h={320} />}
      {data && !error && !isPlaceholderData && entries.length === 0 && (
        <Alert>
          <Text size="sm" mb="sm">{say("audit.none")}</Text>
          {isFiltered && <Button size="xs" variant="light" onClick={() => void navigate({ search: {}, replace: true })}>{say("audit.clear")}</Button>}
        </Alert>
      )}
      {entries.length > 0 && (
        <Table.ScrollContainer minWidth={wide ? 900 : 0}>
          <Table verticalSpacing="xs" style={{ opacity: isPlaceholderData ? 0.6 : 1 }}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={44}><VisuallyHidden>{say("audit.details")}</VisuallyHidden></Table.Th>
                <Table.Th w={80} visibleFrom="md">{say("audit.number")}</Table.Th>
                <Table.Th visibleFrom="sm">{say("audit.when")}</Table.Th>
                <Table.Th visibleFrom="sm">{say("audit.actor")}</Table.Th>
                <Table.Th>{say("audit.what")}</Table.Th>
                <Table.Th visibleFrom="md">{say("audit.outcome")}</Table.Th>
                <Table.Th visibleFrom="md">{say("audit.target")}</Table.Th>
                <Table.Th visibleFrom="md">{say("audit.address")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {entries.map((entry) => (
                <Entry key={entry.seq} entry={entry} open={entry.seq === open} toggle={() => see({ entry: entry.seq === open ? undefined : entry.seq })} see={see} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {hasNextPage && (
        <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage} style={{ alignSelf: "center" }}>
          {say("action.more")}
        </Button>
      )}
    </>
  );
}
