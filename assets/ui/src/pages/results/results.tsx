// The runs that there were: filtered and sorted by the server, two of them compared.

import { Alert, Badge, Button, Checkbox, Group, Select, Skeleton, Stack, Table, Text, TextInput, Title, VisuallyHidden } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { answer, api } from "~/api/client";
import type { HistoryItem, RunStatus } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { useTopic } from "~/live/use";
import { Heading, type Sort } from "~/parts/heading";
import { AnchorLink, ButtonLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";
import { Verdict } from "~/parts/verdict";

/** What is seen of the list, as it stands in the address. */
export interface ResultsSearch {
  name?: string;
  status?: RunStatus;
  sort?: Sort;
}

const statuses: RunStatus[] = ["queued", "running", "completed", "stopped", "failed"];
const PAGE = 50;

export function Results() {
  const { say } = useWords();
  const search = useSearch({ from: "/results" });
  const navigate = useNavigate({ from: "/results" });
  const queries = useQueryClient();
  const [name, setName] = useState(search.name ?? "");
  const [wanted] = useDebouncedValue(name, 250);
  const [picked, pick] = useState<string[]>([]);
  const see = (change: ResultsSearch) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  useEffect(() => {
    if (wanted !== (search.name ?? "")) see({ name: wanted || undefined });
  });

  const query = { limit: PAGE, sort: search.sort ?? "-created_at", name: search.name, status: search.status };
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["history", query],
    queryFn: ({ pageParam }) => answer(api.GET("/api/maid/history", { params: { query: { ...query, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  useTopic("maid:test-completed", () => void queries.invalidateQueries({ queryKey: ["history"] }));

  const runs = data?.pages.flatMap((page) => page.items) ?? [];
  const toggle = (id: string) => pick((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id].slice(-2)));
  const [a, b] = runs.filter((run) => picked.includes(run.run_id)).map((run) => run.run_id).reverse();
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {say("results.title")}
        </Title>
        {a && b ? (
          <ButtonLink to="/compare" search={{ a, b }}>
            {say("results.compare")}
          </ButtonLink>
        ) : (
          <Text size="sm" c="dimmed">
            {say("results.compare_two")}
          </Text>
        )}
      </Group>
      <Group align="flex-end">
        <TextInput label={say("results.search")} type="search" data-search value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Select
          label={say("results.status")} placeholder={say("results.any")} clearable value={search.status ?? null}
          data={statuses.map((status) => ({ value: status, label: say(`status.${status}`) }))}
          onChange={(status) => see({ status: (status as RunStatus) ?? undefined })}
        />
      </Group>
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton h={320} />}
      {data && runs.length === 0 && <Alert>{say(search.name || search.status ? "results.none" : "results.empty")}</Alert>}
      {runs.length > 0 && (
        <Table.ScrollContainer minWidth={760}>
          <Table highlightOnHover verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={40}>
                  <VisuallyHidden>{say("results.compare")}</VisuallyHidden>
                </Table.Th>
                <Heading by="name" sort={search.sort} onSort={(sort) => see({ sort })}>{say("results.name")}</Heading>
                <Heading by="status" sort={search.sort} onSort={(sort) => see({ sort })}>{say("results.verdict")}</Heading>
                <Heading by="created_at" sort={search.sort ?? "-created_at"} onSort={(sort) => see({ sort })}>{say("results.began")}</Heading>
                <Heading by="duration_s" right sort={search.sort} onSort={(sort) => see({ sort })}>{say("measure.duration")}</Heading>
                <Heading by="requests" right sort={search.sort} onSort={(sort) => see({ sort })}>{say("measure.requests")}</Heading>
                <Heading by="failures" right sort={search.sort} onSort={(sort) => see({ sort })}>{say("measure.failures")}</Heading>
                <Heading by="rps" right sort={search.sort} onSort={(sort) => see({ sort })}>{say("measure.rps")}</Heading>
                <Heading by="p95_ms" right sort={search.sort} onSort={(sort) => see({ sort })}>{say("measure.p95")}</Heading>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {runs.map((run) => (
                <Row key={run.run_id} run={run} picked={picked.includes(run.run_id)} toggle={() => toggle(run.run_id)} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {hasNextPage && (
        <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage} style={{ alignSelf: "center" }}>
          {say("results.more")}
        </Button>
      )}
    </Stack>
  );
}

function Row({ run, picked, toggle }: { run: HistoryItem; picked: boolean; toggle: () => void }) {
  const { say, language } = useWords();
  const tell = figures(language);
  return (
    <Table.Tr bg={picked ? "var(--mantine-primary-color-light)" : undefined}>
      <Table.Td>
        <Checkbox aria-label={say("results.select", { name: run.name })} checked={picked} onChange={toggle} disabled={run.requests === 0} />
      </Table.Td>
      <Table.Td maw={320}>
        <Group gap="xs" wrap="nowrap">
          <AnchorLink to="/results/$id" params={{ id: run.run_id }} truncate display="block">
            {run.name}
          </AnchorLink>
          {run.baseline && <Badge size="xs" variant="outline">{say("results.baseline")}</Badge>}
        </Group>
      </Table.Td>
      <Table.Td>
        <Verdict status={run.status} passed={run.passed ?? null} />
      </Table.Td>
      <Table.Td>{tell.when(run.started_at ?? run.created_at)}</Table.Td>
      <Table.Td ta="right">{tell.seconds(run.duration_s)}</Table.Td>
      <Table.Td ta="right">{tell.compact(run.requests)}</Table.Td>
      <Table.Td ta="right" c={run.failures > 0 ? "red" : undefined}>{tell.compact(run.failures)}</Table.Td>
      <Table.Td ta="right">{run.rps == null ? "–" : tell.rate(run.rps)}</Table.Td>
      <Table.Td ta="right">{tell.ms(run.p95_ms)}</Table.Td>
    </Table.Tr>
  );
}
