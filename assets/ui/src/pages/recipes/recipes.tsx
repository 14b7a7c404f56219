// The library: load tests that somebody has thought about, found by words, category and tag.

import { Button, Group, Select, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFileImport } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { answer, api } from "~/api/client";
import type { Category } from "~/api/schema";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { hand } from "~/pages/run/draft";
import { useDropped } from "~/parts/dropped";
import { ButtonLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";
import { useReadFile } from "~/parts/read-file";
import { useTypedInAddress } from "~/parts/typed-in-address";

import { Cards } from "./cards";
import { ImportDialog } from "./import-dialog";
import { categories, type From, type RecipesSearch } from "./view";

const PAGE = 36;
/** The server answers a search with so many at most. */
const MOST = 200;

export function Recipes() {
  const { say } = useWords();
  const { may } = useSession();
  const search = useSearch({ from: "/recipes" });
  const navigate = useNavigate({ from: "/recipes" });
  const [importing, dialog] = useDisclosure();
  const [brought, setBrought] = useState<{ name: string; text: string; times: number }>();
  const read = useReadFile();
  const bring = async (file: File) => {
    const text = await read(file);
    if (text === null) return;
    setBrought((before) => ({ name: file.name, text, times: (before?.times ?? 0) + 1 }));
    dialog.open();
  };
  useDropped((file) => void (may("maid.write") && bring(file)));
  const open = (test: string) => {
    hand(test);
    void navigate({ to: "/run", search: {} });
  };
  const see = (change: RecipesSearch) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  const { recipes, error, refetch, more, loadingMore } = useLibrary(search);
  const filtered = Boolean(search.q || search.category || search.tag || search.from);
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <div style={{ flex: "1 1 16rem" }}>
          <Title order={1} size="h2">
            {say("recipes.title")}
          </Title>
          <Text c="dimmed">{say("recipes.why")}</Text>
        </div>
        {may("maid.write") && (
          <Button variant="default" leftSection={<IconFileImport size={16} aria-hidden />} onClick={dialog.open}>
            {say("recipes.import")}
          </Button>
        )}
      </Group>
      <Filters search={search} see={see} />
      {error && <ProblemAlert error={error} again={refetch} />}
      {!recipes && !error && <Skeleton h={480} />}
      {recipes?.length === 0 && (
        <Group>
          <Text>{say(search.from === "own" && !search.q && !search.tag && !search.category ? "recipes.none_own" : "recipes.none")}</Text>
          {filtered && (
            <ButtonLink to="/recipes" variant="default" size="xs">
              {say("recipes.show_all")}
            </ButtonLink>
          )}
        </Group>
      )}
      {recipes && <Cards recipes={recipes} pick={(tag) => see({ tag })} />}
      {more && (
        <Button variant="default" onClick={more} loading={loadingMore} style={{ alignSelf: "center" }}>
          {say("recipes.more")}
        </Button>
      )}
      {search.q && recipes?.length === MOST && <Text c="dimmed">{say("recipes.most")}</Text>}
      <ImportDialog key={brought?.times} opened={importing} close={dialog.close} open={open} {...(brought ? { file: brought } : {})} />
    </Stack>
  );
}

/** The list goes on by its cursor; a search has none, and is asked for more of the same. */
function useLibrary({ q: words, category, tag, from }: RecipesSearch) {
  const q = words?.trim();
  // Signs alone are no words: nothing is found by them.
  const isNone = Boolean(q) && !/[\p{L}\p{N}]/u.test(q ?? "");
  const query = { category, tag, built_in: from && from === "built_in" };
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["recipes", "list", q, query],
    enabled: !isNone,
    queryFn: ({ pageParam }) =>
      q
        ? answer(api.GET("/api/maid/recipes/search", { params: { query: { ...query, q, limit: Number(pageParam ?? PAGE) } } }))
        : answer(api.GET("/api/maid/recipes", { params: { query: { ...query, limit: PAGE, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page, _, last) => {
      if (!q) return page.next_cursor ?? undefined;
      const asked = Number(last ?? PAGE);
      return page.items.length === asked && asked < MOST ? String(Math.min(MOST, asked * 3)) : undefined;
    },
    placeholderData: keepPreviousData,
  });
  const recipes = isNone ? [] : q ? data?.pages.at(-1)?.items : data?.pages.flatMap((page) => page.items);
  const more = hasNextPage ? () => void fetchNextPage() : null;
  return { recipes, error, refetch: () => void refetch(), more, loadingMore: isFetchingNextPage };
}

function Filters({ search, see }: { search: RecipesSearch; see: (change: RecipesSearch) => void }) {
  const { say } = useWords();
  const [words, setWords] = useTypedInAddress(search.q ?? "", (words) => see({ q: words.trim() ? words : undefined }));
  const tags = useTags(search.tag);
  return (
    <Group align="flex-end" gap="sm">
      <TextInput
        label={say("recipes.search")} type="search" data-search maxLength={200} value={words} style={{ flex: "1 1 14rem" }}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <Select
        label={say("recipes.category")} placeholder={say("recipes.any_category")} clearable value={search.category ?? null} style={{ flex: "1 1 10rem" }}
        data={categories.map((value) => ({ value, label: say(`recipes.category.${value}`) }))}
        onChange={(category) => see({ category: (category as Category) ?? undefined })}
      />
      <Select
        label={say("recipes.tag")} placeholder={say("recipes.any_tag")} clearable searchable value={search.tag ?? null} data={tags} style={{ flex: "1 1 10rem" }}
        onChange={(tag) => see({ tag: tag ?? undefined })}
      />
      <Select
        label={say("recipes.from")} placeholder={say("recipes.from_all")} clearable value={search.from ?? null} style={{ flex: "1 1 10rem" }}
        data={[{ value: "built_in", label: say("recipes.built_in") }, { value: "own", label: say("recipes.own") }]}
        onChange={(from) => see({ from: (from as From | null) ?? undefined })}
      />
    </Group>
  );
}

/** The tags of the newest recipes, and of all that are built in. */
function useTags(chosen: string | undefined): string[] {
  const { data } = useQuery({
    queryKey: ["recipes", "tags"],
    queryFn: async () => {
      const of = async (built_in: boolean) => (await answer(api.GET("/api/maid/recipes", { params: { query: { limit: MOST, built_in } } }))).items;
      return (await Promise.all([of(false), of(true)])).flat();
    },
    staleTime: 60_000,
  });
  const tags = new Set(data?.flatMap((recipe) => recipe.tags));
  if (chosen) tags.add(chosen);
  return [...tags].sort((a, b) => a.localeCompare(b));
}
