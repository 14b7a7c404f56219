// Who changed the configuration, the newest first.

import { Alert, Button, Group, Paper, Skeleton, Stack, Table, Text } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import type { ConfigChange } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { AnchorLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";
import { Who } from "~/parts/who";

import { Applied } from "./applied";
import { Effect, SaveBar } from "./save";
import type { Json } from "./schema";
import { type Configuring, useConfig, useRules } from "./use-config";
import { Value } from "./value";
import { undone } from "./values";

const PAGE = 20;

export function Changes() {
  const { say } = useWords();
  const rules = useRules();
  const config = useConfig();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["config", "changes"],
    queryFn: ({ pageParam }) => answer(api.GET("/api/maid/config/changes", { params: { query: { limit: PAGE, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const changes = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack>
      <Applied config={config} />
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton h={240} />}
      {data && changes.length === 0 && (
        <Alert>
          <Text size="sm" mb="xs">{say("config.no_changes")}</Text>
          <AnchorLink to="/settings" size="sm">{say("config.open")}</AnchorLink>
        </Alert>
      )}
      {changes.map((change) => <Change key={change.id} change={change} config={config} />)}
      {hasNextPage && (
        <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage} style={{ alignSelf: "center" }}>
          {say("action.more")}
        </Button>
      )}
      {rules && <SaveBar config={config} />}
    </Stack>
  );
}

function Change({ change, config }: { change: ConfigChange; config: Configuring }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const [before, after] = [change.before, change.after] as Record<string, Json | undefined>[] as [Record<string, Json>, Record<string, Json>];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const told = (key: string, value: Json | undefined) => (value === undefined ? <Text span size="sm" c="dimmed">{say("config.not_here")}</Text> : <Value setting={config.known.get(key)} value={value} />);
  return (
    <Paper withBorder p="md" component="article">
      <Group gap="xs" mb="xs">
        <Text size="sm" fw={600}>{tell.date(change.at)}</Text>
        <Who id={change.actor} kind={change.actor_kind} />
        <TakeBack change={change} config={config} />
      </Group>
      <Table.ScrollContainer minWidth={640} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say("config.key")}</Table.Th>
              <Table.Th>{say("config.before")}</Table.Th>
              <Table.Th>{say("config.after")}</Table.Th>
              <Table.Th>{say("config.effect")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keys.map((key) => (
              <Table.Tr key={key}>
                <Table.Td><code>{key}</code></Table.Td>
                <Table.Td>{told(key, before[key])}</Table.Td>
                <Table.Td>{told(key, after[key])}</Table.Td>
                <Table.Td>
                  {change.applied.includes(key) && <Effect restart={false} />}
                  {change.restart_required.includes(key) && <Effect restart />}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

/** Puts back what was there before, once it has been looked at. */
function TakeBack({ change, config }: { change: ConfigChange; config: Configuring }) {
  const { say, language } = useWords();
  const rules = useRules();
  const back = undone(change, config.view?.runtime, config.isOpen);
  if (!rules || !config.view || Object.keys(back).length === 0) return null;
  return (
    <Button
      size="compact-sm" variant="default" ml="auto" leftSection={<IconArrowBackUp size={14} aria-hidden />} onClick={() => config.propose(back)}
      aria-label={say("config.take_back_of", { when: figures(language).date(change.at) })}
    >
      {say("config.take_back")}
    </Button>
  );
}
