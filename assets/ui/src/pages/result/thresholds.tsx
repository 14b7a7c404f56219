// Which rules hold: judged at the end, and until then as they stand.

import { Paper, Table, Text, Title } from "@mantine/core";

import type { OutcomeVerdict, ThresholdNow } from "~/api/schema";
import { figures } from "~/app/figures";
import { type Key, useWords } from "~/i18n";

import { observedOf } from "./observed";

/** Of a run that is over. */
export function Thresholds({ verdict }: { verdict: OutcomeVerdict | null }) {
  const { say } = useWords();
  if (!verdict) return null;
  const rules = verdict.thresholds.map((one) => ({ ...one, holds: one.passed }));
  return <Rules title={say("result.thresholds")} rules={rules} words={{ holds: "result.held", fails: "result.missed" }} />;
}

/** Of a run that goes on. */
export function ThresholdsNow({ thresholds }: { thresholds: ThresholdNow[] }) {
  const { say } = useWords();
  if (thresholds.length === 0) return null;
  return <Rules title={say("result.thresholds_now")} rules={thresholds} words={{ holds: "result.holds", fails: "result.fails" }} />;
}

interface Props {
  title: string;
  rules: ThresholdNow[];
  words: { holds: Key; fails: Key };
}

function Rules({ title, rules, words }: Props) {
  const { say, language } = useWords();
  const observed = observedOf(figures(language), say);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="thresholds">
      <Title order={2} size="h4" id="thresholds" mb="xs">
        {title}
      </Title>
      {rules.length === 0 ? (
        <Text c="dimmed">{say("verdict.none")}</Text>
      ) : (
        <Table horizontalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say("result.rule")}</Table.Th>
              <Table.Th>{say("result.observed")}</Table.Th>
              <Table.Th>{say("results.verdict")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rules.map((one) => (
              <Table.Tr key={one.rule}>
                <Table.Td ff="monospace" style={{ overflowWrap: "anywhere" }}>{one.rule}</Table.Td>
                <Table.Td>{observed(one)}</Table.Td>
                <Table.Td c={one.holds == null ? "dimmed" : one.holds ? "green" : "red"} fw={600}>
                  {one.holds == null ? "–" : say(one.holds ? words.holds : words.fails)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Paper>
  );
}
