// The measures of two runs beside each other.

import { Table, Text } from "@mantine/core";

import type { ComparisonCompared, ComparisonMeasure } from "~/api/schema";
import { type Figures, figures } from "~/app/figures";
import { useWords } from "~/i18n";

import { type Change, changeOf, noiseOf } from "./model";

/** A measure's value, in its unit. */
export function told(tell: Figures, { name }: Pick<ComparisonMeasure, "name">, value: number): string {
  return name === "error_rate" ? tell.share(value) : name === "rps" ? tell.rate(value) : tell.ms(value);
}

/** By how much it changed, of what it was. */
export function grown(tell: Figures, { change }: Pick<ComparisonMeasure, "change">): string {
  return change == null ? "–" : `${change > 0 ? "+" : ""}${tell.share(change)}`;
}

const colours: Record<Change, string | undefined> = { worse: "red", better: "green", same: undefined };

export function Measures({ compared }: { compared: ComparisonCompared }) {
  const { say } = useWords();
  return (
    <Table.ScrollContainer minWidth={440}>
      <Table verticalSpacing="xs" style={{ whiteSpace: "nowrap" }}>
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
            <Row key={measure.name} measure={measure} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ measure }: { measure: ComparisonMeasure }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const change = changeOf(measure);
  const why = noiseOf(measure);
  return (
    <Table.Tr>
      <Table.Td>{say(`measure.${measure.name}`)}</Table.Td>
      <Table.Td ta="right">{told(tell, measure, measure.a)}</Table.Td>
      <Table.Td ta="right">{told(tell, measure, measure.b)}</Table.Td>
      <Table.Td ta="right">{grown(tell, measure)}</Table.Td>
      <Table.Td>
        <Text size="sm" c={colours[change] ?? "dimmed"} fw={change === "same" ? undefined : 600}>
          {say(measure.beyond_noise == null ? "compare.untested" : `compare.${change}`)}
        </Text>
        {why && <Text size="xs" c="dimmed">{say(`compare.why_${why}`)}</Text>}
      </Table.Td>
    </Table.Tr>
  );
}
