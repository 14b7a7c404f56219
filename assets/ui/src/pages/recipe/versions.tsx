// What a recipe said before: read, held against another version, and brought back.

import { Badge, Button, Grid, NavLink, Skeleton, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { answer, api } from "~/api/client";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";
import { By } from "~/parts/who";

import type { Known } from "./model";
import { Version } from "./version";

export function Versions({ known, changeable }: { known: Known; changeable: boolean }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const { id, version } = known.view;
  const current = version ?? 1;
  const search = useSearch({ from: "/recipes/$id" });
  const navigate = useNavigate({ from: "/recipes/$id" });
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["recipe", id, "versions"],
    queryFn: ({ pageParam }) => answer(api.GET("/api/maid/recipes/{id}/versions", { params: { path: { id }, query: { limit: 20, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const versions = data?.pages.flatMap((page) => page.items) ?? [];
  const shown = search.version ?? current;
  const see = (change: { version?: number; against?: number }) => void navigate({ search: { tab: "versions", version: search.version, ...change }, replace: true });
  return (
    <Stack>
      <Text>{say("recipe.versions_why")}</Text>
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      <Grid>
        <Grid.Col span={{ base: 12, md: 4 }}>
          {!data && !error && <Skeleton h={120} />}
          <nav aria-label={say("recipe.tab_versions")}>
            {versions.map((one) => (
              <NavLink
                key={one.version} component="button" type="button" active={one.version === shown} aria-current={one.version === shown ? "true" : undefined}
                label={say("recipe.version", { version: one.version })} description={<>{tell.when(one.created_at)} <By id={one.author} /></>}
                rightSection={one.version === current ? <Badge size="sm" variant="default">{say("recipe.current")}</Badge> : undefined}
                onClick={() => see({ version: one.version })}
              />
            ))}
          </nav>
          {hasNextPage && (
            <Button variant="default" size="xs" mt="xs" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
              {say("recipe.more_versions")}
            </Button>
          )}
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Version
            key={shown} known={known} version={shown} changeable={changeable && shown !== current}
            others={versions.map((one) => one.version).filter((one) => one !== shown)} against={search.against === shown ? undefined : search.against} hold={(against) => see({ against })}
          />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
