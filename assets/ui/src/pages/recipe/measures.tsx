// How the newest run of a recipe stands to those before it, and whether that is more than runs differ by anyway.

import { Table, Text, Title } from "@mantine/core";

import type { Trend, TrendLine } from "~/api/schema";
import { figures } from "~/app/figures";
import { type Key, useWords } from "~/i18n";

import { placeOf } from "./place";

const names: Record<string, Key> = {
  p95_ms: "recipe.measure.p95_ms", p99_ms: "recipe.measure.p99_ms", rps: "recipe.measure.rps", error_rate_percent: "recipe.measure.error_rate",
};

export function Measures({ trend }: { trend: Trend }) {
  const { say } = useWords();
  const unsure = trend.measures.every((line) => placeOf(line, trend.earlier) === "unknown");
  return (
    <section>
      <Title order={2} size="h5" mb={4}>
        {say(trend.earlier === 1 ? "recipe.trend_one" : "recipe.trend_of", { count: trend.earlier })}
      </Title>
      <Table.ScrollContainer minWidth={0} maw={640}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say("recipe.measure")}</Table.Th>
              <Table.Th ta="right">{say("recipe.newest")}</Table.Th>
              <Table.Th ta="right">{say("recipe.earlier")}</Table.Th>
              <Table.Th ta="right">{say("recipe.change")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody style={{ whiteSpace: "nowrap" }}>
            {trend.measures.map((line) => (
              <Measure key={line.measure} line={line} earlier={trend.earlier} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm" c="dimmed" maw={640}>{say(unsure ? "recipe.range_unknown" : "recipe.range_why", { count: trend.earlier + 1 })}</Text>
    </section>
  );
}

function Measure({ line, earlier }: { line: TrendLine; earlier: number }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const { measure, change_percent: change } = line;
  const value = (told: number) => (measure.endsWith("_ms") ? tell.ms(told) : measure.endsWith("_percent") ? tell.share(told / 100) : tell.rate(told));
  const place = placeOf(line, earlier);
  return (
    <Table.Tr>
      <Table.Td>{names[measure] ? say(names[measure]) : measure}</Table.Td>
      <Table.Td ta="right">{value(line.newest)}</Table.Td>
      <Table.Td ta="right">
        {value(line.earlier)}
        {earlier > 1 && <Text size="xs" c="dimmed">{value(line.earlier_min)} – {value(line.earlier_max)}</Text>}
      </Table.Td>
      <Table.Td ta="right">
        {change == null ? "–" : `${change > 0 ? "+" : ""}${tell.count(Math.round(change))} %`}
        {place !== "unknown" && <Text size="xs" c={{ within: "dimmed", better: "green", worse: "red" }[place]}>{say(`recipe.place.${place}`)}</Text>}
      </Table.Td>
    </Table.Tr>
  );
}
