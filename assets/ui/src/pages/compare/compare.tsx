// Two runs beside each other: their lines in one chart, their figures in one table, and a verdict.

import { Alert, Badge, Button, Group, SimpleGrid, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { answer, api } from "~/api/client";
import type { ComparisonCompared, ComparisonMeasure, Outcome } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { seriesOfOutcome } from "~/pages/result/model";
import { Chart } from "~/parts/chart";
import { colours } from "~/parts/chart-form";
import { AnchorLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";

export interface CompareSearch {
  a: string;
  b: string;
}

const outcomeOf = (id: string) => ({
  queryKey: ["outcome", id],
  staleTime: Infinity,
  queryFn: async () => {
    const params = { path: { id, format: "json" } };
    return (await answer(api.GET("/api/maid/runs/{id}/report.{format}", { params }))) as unknown as Outcome;
  },
});

/** Whether more of a measure is worse. */
const moreIsWorse = (measure: ComparisonMeasure) => measure.name !== "rps";
const isWorse = (measure: ComparisonMeasure) => measure.beyond_noise === true && measure.delta > 0 === moreIsWorse(measure) && measure.delta !== 0;

export function Compare() {
  const { say, language } = useWords();
  const tell = figures(language);
  const { a, b } = useSearch({ from: "/compare" });
  const navigate = useNavigate({ from: "/compare" });
  const { data, error, refetch } = useQuery({
    queryKey: ["compare", a, b],
    queryFn: () => answer(api.GET("/api/maid/runs/compare", { params: { query: { a, b } } })),
  });
  const first = useQuery(outcomeOf(a));
  const second = useQuery(outcomeOf(b));
  if (error) return <ProblemAlert error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton h={480} />;
  const worse = data.total.measures.filter(isWorse).length;
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Title order={1} size="h2">
          {say("compare.title")}
        </Title>
        <Button variant="default" onClick={() => void navigate({ search: { a: b, b: a } })}>
          {say("compare.swap")}
        </Button>
      </Group>
      <Stack gap={4}>
        {([["A", a, first.data], ["B", b, second.data]] as const).map(([letter, id, run]) => (
          <Group key={letter} gap="xs">
            <Badge color={letter === "A" ? "blue" : "orange"} variant="filled">{letter}</Badge>
            <AnchorLink to="/results/$id" params={{ id }}>{run?.name ?? id}</AnchorLink>
            <Text size="sm" c="dimmed">{tell.when(run?.started_at)}</Text>
          </Group>
        ))}
      </Stack>
      <Alert color={worse > 0 ? "red" : "green"}>{worse > 0 ? say("compare.worse", { count: worse }) : say("compare.same")}</Alert>
      {data.notes.map((note) => <Alert key={note} color="yellow"><span lang="en">{note}</span></Alert>)}
      <Measures compared={data.total} />
      {first.data && second.data && <Overlay a={first.data} b={second.data} />}
      {data.by_request.map((compared) => (
        <section key={compared.name}>
          <Title order={2} size="h5" mb="xs" style={{ overflowWrap: "anywhere" }}>{compared.name}</Title>
          <Measures compared={compared} />
        </section>
      ))}
    </Stack>
  );
}

function Measures({ compared }: { compared: ComparisonCompared }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const value = (measure: ComparisonMeasure, figure: number) =>
    measure.name === "error_rate" ? tell.share(figure) : measure.name === "rps" ? tell.rate(figure) : tell.ms(figure);
  return (
    <Table.ScrollContainer minWidth={480}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say("compare.measure")}</Table.Th>
            <Table.Th ta="right">A</Table.Th>
            <Table.Th ta="right">B</Table.Th>
            <Table.Th ta="right">{say("compare.change")}</Table.Th>
            <Table.Th>{say("compare.judged")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {compared.measures.map((measure) => (
            <Table.Tr key={measure.name}>
              <Table.Td>{measure.name}</Table.Td>
              <Table.Td ta="right">{value(measure, measure.a)}</Table.Td>
              <Table.Td ta="right">{value(measure, measure.b)}</Table.Td>
              <Table.Td ta="right" c={isWorse(measure) ? "red" : undefined} fw={isWorse(measure) ? 600 : undefined}>
                {measure.change == null ? "–" : `${measure.change > 0 ? "+" : ""}${tell.share(measure.change)}`}
              </Table.Td>
              <Table.Td c="dimmed">{measure.beyond_noise == null ? "" : say(measure.beyond_noise ? "compare.beyond" : "compare.noise")}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Overlay({ a, b }: { a: Outcome; b: Outcome }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const [first, second] = [seriesOfOutcome(a), seriesOfOutcome(b)];
  const at = [...new Set([...first.at, ...second.at])].sort((one, other) => one - other);
  const on = (series: typeof first, name: "rps" | "p95") => {
    const known = new Map(series.at.map((second, place) => [second, series[name][place] ?? null]));
    return at.map((second) => known.get(second) ?? null);
  };
  const lines = (name: "rps" | "p95", told: (value: number) => string) => [
    { name: "A", colour: colours.blue, values: on(first, name), tell: told, dashed: true },
    { name: "B", colour: colours.orange, values: on(second, name), tell: told },
  ];
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Chart title={`${say("measure.p95")}, ms`} at={at} lines={lines("p95", tell.ms)} />
      <Chart title={say("measure.rps")} at={at} lines={lines("rps", tell.rate)} />
    </SimpleGrid>
  );
}
