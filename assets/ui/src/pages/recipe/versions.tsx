// What a recipe said before.

import { Badge, Button, Grid, Group, NavLink, Skeleton, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

import { answer, api } from "~/api/client";
import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";

import { fileOf, type Known, storeRecipe } from "./model";

const RecipeCode = lazy(() => import("~/parts/recipe-code"));

export function Versions({ known, changeable }: { known: Known; changeable: boolean }) {
  const { say, language } = useWords();
  const { me } = useSession();
  const tell = figures(language);
  const { id, version: current } = known.view;
  const search = useSearch({ from: "/recipes/$id" });
  const navigate = useNavigate({ from: "/recipes/$id" });
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["recipe", id, "versions"],
    queryFn: ({ pageParam }) => answer(api.GET("/api/maid/recipes/{id}/versions", { params: { path: { id }, query: { limit: 20, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const shown = search.version ?? current ?? 1;
  const by = (author: string) => (author === me.id ? say("recipe.by_you") : say("recipe.by", { author }));
  return (
    <Stack>
      <Text>{say("recipe.versions_why")}</Text>
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      <Grid>
        <Grid.Col span={{ base: 12, md: 4 }}>
          {!data && !error && <Skeleton h={120} />}
          <nav aria-label={say("recipe.tab_versions")}>
            {data?.pages.flatMap((page) => page.items).map((one) => (
              <NavLink
                key={one.version} component="button" type="button" active={one.version === shown} aria-current={one.version === shown ? "true" : undefined}
                label={say("recipe.version", { version: one.version })} description={`${tell.when(one.created_at)} ${by(one.author)}`}
                rightSection={one.version === current ? <Badge size="xs" variant="default" tt="none">{say("recipe.current")}</Badge> : undefined}
                onClick={() => void navigate({ search: { tab: "versions", version: one.version }, replace: true })}
              />
            ))}
          </nav>
          {hasNextPage && (
            <Button variant="default" size="xs" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
              {say("recipe.more_versions")}
            </Button>
          )}
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Version key={shown} known={known} version={shown} changeable={changeable && shown !== current} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function Version({ known, version, changeable }: { known: Known; version: number; changeable: boolean }) {
  const { say } = useWords();
  const { id } = known.view;
  const queries = useQueryClient();
  const { data, error } = useQuery({
    queryKey: ["recipe", id, "version", version],
    queryFn: () => answer(api.GET("/api/maid/recipes/{id}/versions/{version}", { params: { path: { id, version } } })),
    staleTime: Infinity,
  });
  const back = useMutation({
    mutationFn: async () => data && (await storeRecipe(id, known.etag, data.recipe)),
    onSuccess: async () => {
      notifications.show({ color: "green", message: say("recipe.saved") });
      await queries.invalidateQueries({ queryKey: ["recipe", id] });
      await queries.invalidateQueries({ queryKey: ["recipes"] });
    },
    onError: () => void queries.invalidateQueries({ queryKey: ["recipe", id] }),
  });
  const sure = () =>
    modals.openConfirmModal({
      title: say("recipe.go_back"),
      children: <Text size="sm">{say("recipe.go_back_sure", { version })}</Text>,
      labels: { confirm: say("recipe.go_back"), cancel: say("action.cancel") },
      closeButtonProps: { "aria-label": say("action.close") },
      onConfirm: () => back.mutate(),
    });
  if (error) return <ProblemAlert error={error} />;
  if (!data) return <Skeleton h={320} />;
  return (
    <Stack gap="sm">
      {back.error && <ProblemAlert error={back.error} />}
      {changeable && (
        <Group justify="flex-end">
          <Button variant="default" size="xs" onClick={sure} loading={back.isPending}>
            {say("recipe.go_back")}
          </Button>
        </Group>
      )}
      <Suspense fallback={<Skeleton h={320} />}>
        <RecipeCode label={say("recipe.version", { version })} value={fileOf(data.recipe)} />
      </Suspense>
    </Stack>
  );
}
