// The runs that there were: filtered and sorted by the server, two of them compared.

import { Alert, Button, Group, Loader, Skeleton, Stack, Text, Title } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { answer, api } from "~/api/client";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { useTopic } from "~/live/use";
import { ButtonLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";

import { beginOf, endOf } from "./days";
import { Filters } from "./filters";
import { RunsTable } from "./table";
import { filtered, type ResultsSearch, toggled } from "./view";

const PAGE = 100;

export function Results() {
  const { say } = useWords();
  const search = useSearch({ from: "/results" });
  const navigate = useNavigate({ from: "/results" });
  const queries = useQueryClient();
  const see = (change: ResultsSearch) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true, resetScroll: false });

  const { name, status, passed, owner, recipe: recipe_id, from, to } = search;
  const days = { since: from && beginOf(from), until: to && endOf(to) };
  const query = { limit: PAGE, sort: search.sort ?? "-created_at", name, status, passed, owner, recipe_id, ...days };
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } = useInfiniteQuery({
    queryKey: ["history", query],
    queryFn: ({ pageParam }) => answer(api.GET("/api/maid/history", { params: { query: { ...query, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  useTopic("maid:test-completed", () => void queries.invalidateQueries({ queryKey: ["history"] }));

  const runs = data?.pages.flatMap((page) => page.items) ?? [];
  const { picked = [], sort } = search;
  // The later one is compared with the earlier one: ids begin with the time.
  const [a, b] = picked.toSorted();
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
      <Filters search={search} see={see} />
      {error && <ProblemAlert error={error} again={() => void (isFetchNextPageError ? fetchNextPage() : refetch())} />}
      {!data && !error && <Skeleton h={320} />}
      {data && runs.length === 0 && (filtered(search) ? <None all={() => void navigate({ search: { sort, picked: search.picked }, replace: true })} /> : <Empty />)}
      {runs.length > 0 && (
        <RunsTable
          runs={runs} picked={picked} toggle={(id) => see({ picked: toggled(picked, id) })} sort={sort} onSort={(sort) => see({ sort })}
          more={hasNextPage && !isFetchingNextPage && !isFetchNextPageError ? () => void fetchNextPage({ cancelRefetch: false }) : null}
        />
      )}
      {isFetchingNextPage && <Loader size="sm" style={{ alignSelf: "center" }} />}
    </Stack>
  );
}

/** No run is like what is asked for. */
function None({ all }: { all: () => void }) {
  const { say } = useWords();
  return (
    <Alert>
      <Text size="sm" mb="sm">{say("results.none")}</Text>
      <Button size="xs" variant="light" onClick={all}>{say("results.clear")}</Button>
    </Alert>
  );
}

/** There is no run at all. */
function Empty() {
  const { say } = useWords();
  const { may } = useSession();
  return (
    <Alert>
      <Text size="sm" mb="sm">{say("results.empty")}</Text>
      {may("maid.write") ? (
        <ButtonLink to="/run" size="xs" variant="light">{say("nav.run")}</ButtonLink>
      ) : (
        <ButtonLink to="/recipes" size="xs" variant="light">{say("nav.recipes")}</ButtonLink>
      )}
    </Alert>
  );
}
