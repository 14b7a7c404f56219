// The results that a recipe had, run by run.

import { Button, Skeleton, Stack, Table, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import type { HistoryItem } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { useTopic } from "~/live/use";
import { AnchorLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";
import { Verdict } from "~/parts/verdict";

import { Measures } from "./measures";
import { TrendChart } from "./trend-chart";

export default function Results({ id, run }: { id: string; run: () => void }) {
  const { say } = useWords();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ["recipe-results", id],
    queryFn: () => answer(api.GET("/api/maid/recipes/{id}/results", { params: { path: { id } } })),
  });
  useTopic("maid:test-completed", () => void queries.invalidateQueries({ queryKey: ["recipe-results", id] }));
  if (error) return <ProblemAlert error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton h={320} />;
  if (data.items.length === 0) {
    return (
      <Stack align="flex-start">
        <Text>{say("recipe.no_results")}</Text>
        <Button variant="default" onClick={run}>
          {say("recipe.run_now")}
        </Button>
      </Stack>
    );
  }
  const measured = data.items.filter((item) => item.p95_ms != null && item.requests > 0).reverse();
  return (
    <Stack>
      {measured.length > 1 && <TrendChart runs={measured} />}
      {data.trend && data.trend.earlier > 0 && <Measures trend={data.trend} />}
      <Runs runs={data.items} />
      <AnchorLink to="/results" search={{ recipe: id }} size="sm" style={{ alignSelf: "flex-start" }}>{say("recipe.all_results")}</AnchorLink>
    </Stack>
  );
}

function Runs({ runs }: { runs: HistoryItem[] }) {
  const { say, language } = useWords();
  const tell = figures(language);
  return (
    <Table.ScrollContainer minWidth={620}>
      <Table verticalSpacing="xs" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say("results.began")}</Table.Th>
            <Table.Th>{say("results.verdict")}</Table.Th>
            <Table.Th ta="right">{say("measure.users")}</Table.Th>
            <Table.Th ta="right">{say("measure.requests")}</Table.Th>
            <Table.Th ta="right">{say("measure.failures")}</Table.Th>
            <Table.Th ta="right">{say("measure.rps")}</Table.Th>
            <Table.Th ta="right">{say("measure.p95")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody style={{ whiteSpace: "nowrap" }}>
          {runs.map((run) => (
            <Table.Tr key={run.run_id}>
              <Table.Td>
                <AnchorLink to="/results/$id" params={{ id: run.run_id }} size="sm">
                  {tell.when(run.started_at ?? run.created_at)}
                </AnchorLink>
              </Table.Td>
              <Table.Td>
                <Verdict {...run} stacked />
              </Table.Td>
              <Table.Td ta="right">{run.users_max == null ? "–" : tell.count(run.users_max)}</Table.Td>
              <Table.Td ta="right">{tell.compact(run.requests)}</Table.Td>
              <Table.Td ta="right" c={run.failures > 0 ? "red" : undefined}>
                {tell.compact(run.failures)}
              </Table.Td>
              <Table.Td ta="right">{run.rps == null ? "–" : tell.rate(run.rps)}</Table.Td>
              <Table.Td ta="right">{tell.ms(run.p95_ms)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
