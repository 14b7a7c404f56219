// Which rules held.

import { Paper, Table, Text, Title } from "@mantine/core";

import type { OutcomeVerdict } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

import { observedOf } from "./observed";

export function Thresholds({ verdict }: { verdict: OutcomeVerdict | null }) {
  const { say, language } = useWords();
  const observed = observedOf(figures(language), say);
  if (!verdict) return null;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="thresholds">
      <Title order={2} size="h4" id="thresholds" mb="xs">
        {say("result.thresholds")}
      </Title>
      {verdict.thresholds.length === 0 ? (
        <Text c="dimmed">{say("verdict.none")}</Text>
      ) : (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say("result.rule")}</Table.Th>
              <Table.Th>{say("result.observed")}</Table.Th>
              <Table.Th>{say("results.verdict")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {verdict.thresholds.map((threshold) => (
              <Table.Tr key={threshold.rule}>
                <Table.Td ff="monospace">{threshold.rule}</Table.Td>
                <Table.Td>{observed(threshold)}</Table.Td>
                <Table.Td c={threshold.passed ? "green" : "red"} fw={600}>
                  {say(threshold.passed ? "result.held" : "result.missed")}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Paper>
  );
}
