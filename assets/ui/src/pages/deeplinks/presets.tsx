// Tests with a name, which links may lead to.

import { Button, Group, Skeleton, Stack, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";

import { api } from "~/api/client";
import type { PresetItem } from "~/api/schema";
import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { useFailed } from "~/parts/failed";
import { ProblemAlert } from "~/parts/problem";
import { useSure } from "~/parts/sure";

import type { See } from "./deeplinks";
import { NEW, presetsQuery } from "./view";

export function Presets({ see }: { see: See }) {
  const { say } = useWords();
  const { may } = useSession();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(presetsQuery);
  const presets = data?.pages.flatMap((page) => page.items) ?? [];
  if (error) return <ProblemAlert error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton h={200} />;
  if (presets.length === 0) {
    return (
      <Stack align="flex-start" gap="xs">
        <Text>{say("preset.empty")}</Text>
        {may("maid.write") && <Button variant="default" onClick={() => see({ edit: NEW })}>{say("preset.new")}</Button>}
      </Stack>
    );
  }
  return (
    <Stack>
      <Table.ScrollContainer minWidth={640}>
        <Table highlightOnHover verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say("preset.name")}</Table.Th>
              <Table.Th>{say("links.kind")}</Table.Th>
              <Table.Th>{say("preset.description")}</Table.Th>
              <Table.Th>{say("preset.changed")}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{presets.map((preset) => <Row key={preset.name} preset={preset} see={see} />)}</Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {hasNextPage && (
        <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage} style={{ alignSelf: "center" }}>{say("preset.more")}</Button>
      )}
    </Stack>
  );
}

function Row({ preset, see }: { preset: PresetItem; see: See }) {
  const { say, language } = useWords();
  const { me, may } = useSession();
  const { name } = preset;
  const mine = preset.owner === me.id ? may("maid.write") : may("maid.admin");
  const remove = useRemoval(name);
  return (
    <Table.Tr>
      <Table.Td fw={600} style={{ overflowWrap: "anywhere" }}>{name}</Table.Td>
      <Table.Td>{say(`links.kind.${preset.kind}`)}</Table.Td>
      <Table.Td maw={360} style={{ overflowWrap: "anywhere" }}>{preset.description || "–"}</Table.Td>
      <Table.Td>{figures(language).when(preset.updated_at)}</Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap" justify="flex-end">
          {may("maid.write") && (
            <Button size="xs" variant="subtle" onClick={() => see({ preset: name })} aria-label={say("preset.link_named", { name })}>{say("preset.link")}</Button>
          )}
          {mine && <Button size="xs" variant="subtle" onClick={() => see({ edit: name })} aria-label={say("preset.edit", { name })}>{say("preset.change")}</Button>}
          {mine && <Button size="xs" variant="subtle" color="red" onClick={remove} aria-label={say("preset.delete", { name })}>{say("action.delete")}</Button>}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function useRemoval(name: string): () => void {
  const { say } = useWords();
  const ask = useSure();
  const queries = useQueryClient();
  const failed = useFailed();
  const remove = useMutation({
    mutationFn: () => api.DELETE("/api/maid/presets/{name}", { params: { path: { name } } }),
    onSuccess: () => notifications.show({ message: say("preset.deleted") }),
    onError: failed,
    onSettled: () => queries.invalidateQueries({ queryKey: ["presets"] }),
  });
  return () => ask({ title: name, why: say("preset.delete_sure"), confirm: say("action.delete"), go: () => remove.mutate() });
}
