// What a prompt said before: compared with another version, and brought back.

import { Badge, Button, Group, Paper, Select, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { answer, api } from "~/api/client";
import type { PromptVersion } from "~/api/schema";
import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { useFailed } from "~/parts/failed";
import { ProblemAlert } from "~/parts/problem";
import { useSure } from "~/parts/sure";
import { By } from "~/parts/who";

import { Diff } from "./diff";
import type { Read } from "./view";

export function VersionsTab({ read }: { read: Read }) {
  const { say } = useWords();
  const { id } = read.prompt;
  const { from, to } = useSearch({ from: "/prompts/$id" });
  const navigate = useNavigate({ from: "/prompts/$id" });
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["prompt-versions", id, read.etag],
    queryFn: ({ pageParam }) => answer(api.GET("/api/maid/prompts/{id}/versions", { params: { path: { id }, query: { cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    enabled: !read.prompt.built_in,
  });
  if (read.prompt.built_in) return <Text>{say("prompt.no_versions")}</Text>;
  if (error) return <ProblemAlert error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton h={200} />;
  const versions = data.pages.flatMap((page) => page.items);
  const known = versions.map(({ version }) => ({ value: String(version), label: say("prompt.version", { version }) }));
  const compare = (first: number, second: number) => void navigate({ search: { tab: "versions", from: first, to: second }, replace: true });
  const pick = (place: "from" | "to") => (value: string | null) => {
    const others = { from: from ?? 1, to: to ?? read.prompt.version };
    const both = { ...others, [place]: Number(value) };
    compare(both.from, both.to);
  };
  return (
    <SimpleGrid cols={{ base: 1, lg: from ? 2 : 1 }} spacing="lg">
      <Stack gap="xs">
        <Stack gap="xs" component="ol" p={0} m={0} style={{ listStyle: "none" }}>
          {versions.map((version) => (
            <Version key={version.version} version={version} read={read} compare={() => compare(version.version, read.prompt.version)} />
          ))}
        </Stack>
        {hasNextPage && (
          <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>{say("prompt.more_versions")}</Button>
        )}
      </Stack>
      {from && (
        <Stack component="section" gap="sm" miw={0}>
          <Title order={2} size="h4">{say("prompt.diff", { from, to: to ?? read.prompt.version })}</Title>
          <Group align="flex-end">
            <Select label={say("prompt.from")} data={known} value={String(from)} onChange={pick("from")} allowDeselect={false} w={150} />
            <Select label={say("prompt.to")} data={known} value={String(to ?? read.prompt.version)} onChange={pick("to")} allowDeselect={false} w={150} />
          </Group>
          <Diff id={id} from={from} to={to ?? read.prompt.version} />
        </Stack>
      )}
    </SimpleGrid>
  );
}

function Version({ version: { version, author, at, restored_from }, read, compare }: { version: PromptVersion; read: Read; compare: () => void }) {
  const { say, language } = useWords();
  const { may } = useSession();
  const newest = version === read.prompt.version;
  const restore = useRestoring(read, version);
  return (
    <Paper component="li" withBorder p="sm">
      <Group justify="space-between">
        <div>
          <Group gap="xs">
            <Text fw={600}>{say("prompt.version", { version })}</Text>
            {newest && <Badge variant="light" size="sm">{say("prompt.newest")}</Badge>}
          </Group>
          <Text size="sm" c="dimmed">
            {figures(language).when(at)} <By id={author} />
            {restored_from && ` · ${say("prompt.restored_from", { version: restored_from })}`}
          </Text>
        </div>
        {!newest && (
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={compare} aria-label={say("prompt.compare_with", { version })}>{say("prompt.compare")}</Button>
            {read.prompt.may_change && may("maid.recipes") && (
              <Button size="xs" variant="default" onClick={restore} aria-label={`${say("prompt.restore")}: ${say("prompt.version", { version })}`}>{say("prompt.restore")}</Button>
            )}
          </Group>
        )}
      </Group>
    </Paper>
  );
}

function useRestoring({ prompt, etag }: Read, version: number): () => void {
  const { say } = useWords();
  const ask = useSure();
  const queries = useQueryClient();
  const failed = useFailed();
  const restore = useMutation({
    mutationFn: () => {
      const params = { path: { id: prompt.id }, header: { "If-Match": etag } };
      return api.POST("/api/maid/prompts/{id}/restore", { params, body: { version } });
    },
    onSuccess: () => notifications.show({ message: say("prompt.restored", { version }) }),
    onError: failed,
    // Also where somebody else was first: what they wrote is shown then.
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ["prompt", prompt.id] }), queries.invalidateQueries({ queryKey: ["prompts"] })]),
  });
  return () => ask({ title: prompt.title, why: say("prompt.restore_sure", { version }), confirm: say("prompt.restore"), go: () => restore.mutate(), safe: true });
}
