// Two runs beside each other: a verdict, their figures in one table, their lines in one chart.

import { Alert, Button, Group, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { answer, api } from "~/api/client";
import type { Outcome } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { seriesOfOutcome } from "~/pages/result/model";
import { Chart } from "~/parts/chart";
import { colours } from "~/parts/colours";
import { isId } from "~/parts/id";
import { AnchorLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";
import { isGone } from "~/parts/told-problem";

import { ByRequest } from "./by-request";
import { Measures } from "./measures";
import { Noise } from "./noise";
import { Pick, useRuns } from "./pick";
import { Tolerated } from "./tolerated";
import { Verdict } from "./verdict";
import { type CompareSearch, shareOf } from "./view";

const outcomeOf = (id: string) => ({
  queryKey: ["outcome", id],
  enabled: isId(id),
  staleTime: Infinity,
  queryFn: async () => {
    const params = { path: { id, format: "json" } };
    return (await answer(api.GET("/api/maid/runs/{id}/report.{format}", { params }))) as unknown as Outcome;
  },
});

export function Compare() {
  const { say } = useWords();
  const search = useSearch({ from: "/compare" });
  const navigate = useNavigate({ from: "/compare" });
  const { a, b, tolerated } = search;
  const [first, second] = [useQuery(outcomeOf(a)), useQuery(outcomeOf(b))];
  // What is no id names no run.
  const gone = [["A", a, first.error] as const, ["B", b, second.error] as const].filter(([, id, error]) => id !== "" && (!isId(id) || isGone(error)));
  const there = (letter: string, id: string) => id !== "" && !gone.some(([one]) => one === letter);
  const chosen = there("A", a) && there("B", b);
  const comparison = useQuery({
    queryKey: ["compare", a, b, tolerated],
    queryFn: () => answer(api.GET("/api/maid/runs/compare", { params: { query: { a, b, max_regression: shareOf(tolerated) } } })),
    enabled: chosen,
    // The same two runs stay in sight while they are judged anew.
    placeholderData: (before, asked) => (asked?.queryKey[1] === a && asked.queryKey[2] === b ? before : undefined),
  });
  const runs = useRuns();
  // What was known of two runs is not told where one of them is gone.
  const data = chosen ? comparison.data : undefined;
  // What one of them lacks, all of them say: it is told once.
  const failed = [comparison, first, second, runs].find(({ error }) => error && !(gone.length > 0 && isGone(error)));
  const see = (change: Partial<CompareSearch>, replace = false) => void navigate({ search: { a, b, tolerated, ...change }, replace, resetScroll: !replace });
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Title order={1} size="h2">
          {say("compare.title")}
        </Title>
        {chosen && <Button variant="default" className="no-print" onClick={() => see({ a: b, b: a })}>{say("compare.swap")}</Button>}
      </Group>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Pick letter="A" id={there("A", a) ? a : ""} run={first.data} runs={runs.data} choose={(id) => see({ a: id })} />
        <Pick letter="B" id={there("B", b) ? b : ""} run={second.data} runs={runs.data} choose={(id) => see({ b: id })} />
      </SimpleGrid>
      {gone.length > 0 && (
        <Alert color="red" title={say("result.no_such")}>
          {gone.map(([letter, id]) => <Text key={letter} size="sm" style={{ overflowWrap: "anywhere" }}>{say("compare.gone", { letter, id })}</Text>)}
        </Alert>
      )}
      {!chosen && (
        <Stack gap={4} align="flex-start">
          <Text>{say("compare.pick")}</Text>
          <AnchorLink to="/results">{say("compare.older")}</AnchorLink>
        </Stack>
      )}
      {failed && <ProblemAlert error={failed.error} again={() => void failed.refetch()} />}
      {chosen && !data && !comparison.error && <Skeleton h={480} />}
      {chosen && <Tolerated value={tolerated} change={(tolerated) => see({ tolerated }, true)} />}
      {data && <Verdict comparison={data} />}
      {data?.notes.map((note) => <Alert key={note} color="yellow"><span lang="en">{note}</span></Alert>)}
      {data && (
        <Stack gap="xs">
          <Measures compared={data.total} />
          <Noise comparison={data} />
        </Stack>
      )}
      {data && first.data && second.data && <Overlay a={first.data} b={second.data} />}
      {data && <ByRequest comparison={data} />}
    </Stack>
  );
}

function Overlay({ a, b }: { a: Outcome; b: Outcome }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const [first, second] = [seriesOfOutcome(a), seriesOfOutcome(b)];
  const at = [...new Set([...first.at, ...second.at])].sort((one, other) => one - other);
  const on = (series: typeof first, name: "rps" | "p95") => {
    const known = new Map(series.at.map((second, place) => [second, series[name][place] ?? null]));
    // Where this run has no step there is no gap in its line.
    return at.map((second) => known.get(second) as number | null);
  };
  const lines = (name: "rps" | "p95", said: (value: number) => string) => [
    { name: "A", colour: colours.blue, values: on(first, name), tell: said, dashed: true },
    { name: "B", colour: colours.orange, values: on(second, name), tell: said },
  ];
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Chart title={`${say("measure.p95")}, ms`} at={at} lines={lines("p95", tell.ms)} />
      <Chart title={say("measure.rps")} at={at} lines={lines("rps", tell.rate)} />
    </SimpleGrid>
  );
}
