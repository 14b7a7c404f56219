// How models were used: by day, by whom, by model.

import { Button, Group, SegmentedControl, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import type { AiUsage } from "~/api/schema";
import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { ButtonLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";
import { Who } from "~/parts/who";

import { Bars } from "./bars";
import { type AnalyticsSearch, type By, bys, lastDays } from "./view";

/** All days of the longest time that can be chosen. */
const PAGE = 100;

interface Props {
  days: number;
  by: By;
  see: (change: AnalyticsSearch) => void;
}

export function AiUse({ days, by, see }: Props) {
  const { say } = useWords();
  const { may } = useSession();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["ai-use", by, days],
    queryFn: ({ pageParam }) => answer(api.GET("/api/maid/ai/usage", { params: { query: { by, days, limit: PAGE, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const used = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="ai-use">
      <Group justify="space-between" mb="xs">
        <div>
          <Title order={2} size="h4" id="ai-use">{say("ai_use.title")}</Title>
          <Text size="sm" c="dimmed">{say(may("maid.admin") ? "ai_use.all" : "ai_use.mine")}</Text>
        </div>
        <SegmentedControl w={{ base: "100%", xs: "auto" }} aria-label={say("ai_use.by")} value={by} onChange={(one) => see({ by: one as By })} data={bys.map((one) => ({ value: one, label: say(`ai_use.${one}`) }))} />
      </Group>
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton h={160} />}
      {data && used.length === 0 && (
        <Stack align="flex-start" gap="xs">
          <Text>{say("ai_use.none")}</Text>
          {may("maid.write") && <ButtonLink to="/recipe-generator" variant="default">{say("ai_use.to_generator")}</ButtonLink>}
        </Stack>
      )}
      {used.length > 0 && (
        <Stack>
          {by === "day" && <ByDay used={used} days={days} />}
          <Used used={used} by={by} />
          {hasNextPage && <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage} style={{ alignSelf: "center" }}>{say("ai_use.more")}</Button>}
        </Stack>
      )}
    </section>
  );
}

function ByDay({ used, days }: { used: AiUsage[]; days: number }) {
  const { say } = useWords();
  const all = lastDays(days, true);
  const known = new Map(used.map((one) => [one.day, one.requests]));
  return (
    <Bars
      title={say("ai_use.chart")} days={all} day={say("analytics.day_utc")}
      parts={[{ name: say("ai_use.requests"), colour: "#0072b2", counts: all.map((day) => known.get(day) ?? 0) }]}
    />
  );
}

function Used({ used, by }: { used: AiUsage[]; by: By }) {
  const { say, language } = useWords();
  const { me } = useSession();
  const tell = figures(language);
  const of = (principal: string) => (principal === me.id ? say("ai_use.you") : <Who id={principal} kind="user" />);
  const name = (one: AiUsage) => {
    if (by === "day") return one.day ? tell.day(one.day) : "–";
    if (by === "model") return one.model ?? "–";
    return one.principal ?? "–";
  };
  return (
    <Table.ScrollContainer minWidth={560} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table verticalSpacing={4} aria-labelledby="ai-use">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say(by === "day" ? "analytics.day_utc" : `ai_use.${by}`)}</Table.Th>
            {(["requests", "prompt_tokens", "answer_tokens", "busy", "cost"] as const).map((of) => <Table.Th key={of} ta="right">{say(`ai_use.${of}`)}</Table.Th>)}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {used.map((one) => (
            <Table.Tr key={name(one)}>
              <Table.Td maw={280} style={{ overflowWrap: "anywhere" }}>{by === "principal" && one.principal ? of(one.principal) : name(one)}</Table.Td>
              <Table.Td ta="right">{tell.count(one.requests)}</Table.Td>
              <Table.Td ta="right">{tell.count(one.prompt_tokens)}</Table.Td>
              <Table.Td ta="right">{tell.count(one.answer_tokens)}</Table.Td>
              <Table.Td ta="right">{tell.seconds(one.busy_ms / 1000)}</Table.Td>
              <Table.Td ta="right">{tell.money(one.cost)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
