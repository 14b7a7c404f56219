// The library of prompts: found and filtered by the server, marked with one click.

import { Button, Group, Select, SimpleGrid, Skeleton, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { answer, api } from "~/api/client";
import type { PromptCategory } from "~/api/schema";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { ButtonLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";
import { useTypedInAddress } from "~/parts/typed-in-address";

import { PromptCard } from "./prompt-card";
import { categories, type PromptsSearch, type Source, sources } from "./view";

const PAGE = 48;

export function Prompts() {
  const { say } = useWords();
  const { may } = useSession();
  const search = useSearch({ from: "/prompts" });
  const navigate = useNavigate({ from: "/prompts" });
  const see = (change: PromptsSearch) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  const { prompts, loaded, error, again, more, loadingMore } = useLibrary(search);
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1} size="h2">{say("prompts.title")}</Title>
          <Text size="sm" c="dimmed">{say("prompts.why")}</Text>
        </div>
        {may("maid.recipes") && (
          <ButtonLink to="/prompts/$id" params={{ id: "new" }} leftSection={<IconPlus size={16} aria-hidden />}>
            {say("prompts.new")}
          </ButtonLink>
        )}
      </Group>
      <Filters search={search} see={see} />
      {error && <ProblemAlert error={error} again={again} />}
      {!loaded && !error && <Skeleton h={320} />}
      {loaded && prompts.length === 0 && (
        <Stack align="flex-start" gap="xs">
          <Text>{say("prompts.none")}</Text>
          <Button variant="default" onClick={() => void navigate({ search: {}, replace: true })}>{say("prompts.reset")}</Button>
        </Stack>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 3, xl: 4 }} component="ul" p={0} m={0} style={{ listStyle: "none" }}>
        {prompts.map((prompt) => <PromptCard key={prompt.id} prompt={prompt} pick={(tag) => see({ tag })} />)}
      </SimpleGrid>
      {more && (
        <Button variant="default" onClick={more} loading={loadingMore} style={{ alignSelf: "center" }}>
          {say("prompts.more")}
        </Button>
      )}
    </Stack>
  );
}

function useLibrary({ q, ...filters }: PromptsSearch) {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["prompts", q, filters],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filters, limit: PAGE, cursor: pageParam };
      return q
        ? answer(api.GET("/api/maid/prompts/search", { params: { query: { ...query, q } }, signal }))
        : answer(api.GET("/api/maid/prompts", { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  return {
    prompts: data?.pages.flatMap((page) => page.items) ?? [],
    loaded: Boolean(data),
    error,
    again: () => void refetch(),
    more: hasNextPage ? () => void fetchNextPage() : null,
    loadingMore: isFetchingNextPage,
  };
}

function Filters({ search, see }: { search: PromptsSearch; see: (change: PromptsSearch) => void }) {
  const { say } = useWords();
  const wide = { base: "100%", sm: 200 };
  const { tag } = search;
  return (
    <Group align="flex-end">
      <Words q={search.q ?? ""} see={see} />
      <Select
        label={say("prompts.category")} placeholder={say("prompts.any_category")} clearable w={wide} value={search.category ?? null}
        clearButtonProps={{ "aria-label": say("prompts.any_category") }}
        data={categories.map((category) => ({ value: category, label: say(`prompts.category.${category}`) }))}
        onChange={(category) => see({ category: (category as PromptCategory) ?? undefined })}
      />
      <Select
        label={say("prompts.source")} placeholder={say("prompts.any_source")} clearable w={wide} value={search.source ?? null}
        clearButtonProps={{ "aria-label": say("prompts.any_source") }}
        data={sources.map((source) => ({ value: source, label: say(`prompts.source.${source}`) }))}
        onChange={(source) => see({ source: (source as Source) ?? undefined })}
      />
      <Switch mb={8} label={say("prompts.favourites")} checked={search.favourite ?? false} onChange={(event) => see({ favourite: event.currentTarget.checked || undefined })} />
      {tag && (
        <Button variant="light" size="xs" mb={3} maw="100%" rightSection={<IconX size={14} aria-hidden />} aria-label={say("prompts.without_tag", { tag })} onClick={() => see({ tag: undefined })}>
          {say("prompts.tag", { tag })}
        </Button>
      )}
    </Group>
  );
}

function Words({ q, see }: { q: string; see: (change: PromptsSearch) => void }) {
  const { say } = useWords();
  const [typed, type] = useTypedInAddress(q, (words) => see({ q: words.trim() || undefined }));
  return <TextInput label={say("prompts.search")} type="search" maxLength={200} w={{ base: "100%", sm: 240 }} value={typed} onChange={(event) => type(event.currentTarget.value)} />;
}
