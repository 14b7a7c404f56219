// The runs that there were: filtered and sorted by the server, two of them compared.

import { Alert, Group, Loader, Skeleton, Stack, Text, Title } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { answer, api } from "~/api/client";
import type { HistoryItem } from "~/api/schema";
import { useWords } from "~/i18n";
import { useTopic } from "~/live/use";
import { ButtonLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";

import { Filters } from "./filters";
import { RunsTable } from "./table";
import { filtered, type ResultsSearch } from "./view";

const PAGE = 100;

export function Results() {
  const { say } = useWords();
  const search = useSearch({ from: "/results" });
  const navigate = useNavigate({ from: "/results" });
  const queries = useQueryClient();
  const [picked, pick] = useState<HistoryItem[]>([]);
  const see = (change: ResultsSearch) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true });

  const { name, status, passed, owner, recipe: recipe_id } = search;
  const query = { limit: PAGE, sort: search.sort ?? "-created_at", name, status, passed, owner, recipe_id };
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } = useInfiniteQuery({
    queryKey: ["history", query],
    queryFn: ({ pageParam }) => answer(api.GET("/api/maid/history", { params: { query: { ...query, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  useTopic("maid:test-completed", () => void queries.invalidateQueries({ queryKey: ["history"] }));

  const runs = data?.pages.flatMap((page) => page.items) ?? [];
  const toggle = (run: HistoryItem) =>
    pick((now) => (now.some(({ run_id }) => run_id === run.run_id) ? now.filter(({ run_id }) => run_id !== run.run_id) : [...now, run].slice(-2)));
  // The later one is compared with the earlier one.
  const [a, b] = picked.toSorted(older);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {say("results.title")}
        </Title>
        {a && b ? (
          <ButtonLink to="/compare" search={{ a: a.run_id, b: b.run_id }}>
            {say("results.compare")}
          </ButtonLink>
        ) : (
          <Text size="sm" c="dimmed">
            {say("results.compare_two")}
          </Text>
        )}
      </Group>
      <Filters search={search} see={see} />
      {error && <ProblemAlert error={error} again={() => void (isFetchNextPageError ? fetchNextPage() : refetch())} />}
      {!data && !error && <Skeleton h={320} />}
      {data && runs.length === 0 && <Alert>{say(filtered(search) ? "results.none" : "results.empty")}</Alert>}
      {runs.length > 0 && (
        <RunsTable
          runs={runs} picked={picked.map((run) => run.run_id)} toggle={toggle} sort={search.sort} onSort={(sort) => see({ sort })}
          more={hasNextPage && !isFetchingNextPage && !isFetchNextPageError ? () => void fetchNextPage() : null}
        />
      )}
      {isFetchingNextPage && <Loader size="sm" style={{ alignSelf: "center" }} />}
    </Stack>
  );
}

const older = (one: HistoryItem, other: HistoryItem) => one.created_at.localeCompare(other.created_at);
