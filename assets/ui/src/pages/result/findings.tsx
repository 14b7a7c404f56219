// What the analyst found, each with the moment in the charts.

import { Accordion, Badge, Button, Group, List, Paper, Text, Title } from "@mantine/core";

import type { Analysis, AnalysisFinding } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

const colours = { info: "blue", warning: "yellow", critical: "red" };

interface Props {
  analysis: Analysis | null;
  /** When the run ended, in seconds since it began. */
  end: number;
  marked: [number, number] | null;
  mark: (stretch: [number, number] | null) => void;
}

export function Findings({ analysis, end, marked, mark }: Props) {
  const { say } = useWords();
  if (!analysis) return null;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="findings">
      <Title order={2} size="h4" id="findings" mb="xs">
        {say("result.findings")}
      </Title>
      {analysis.findings.length === 0 && <Text c="dimmed">{say("result.healthy")}</Text>}
      {analysis.findings.length > 0 && (
        <Accordion variant="separated" keepMountedMode="display-none" defaultValue={analysis.findings[0]?.id}>
          {analysis.findings.map((finding) => (
            <Finding key={finding.id} finding={finding} end={end} marked={marked} mark={mark} />
          ))}
        </Accordion>
      )}
    </Paper>
  );
}

function Finding({ finding, end, marked, mark }: Omit<Props, "analysis"> & { finding: AnalysisFinding }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const { from_s: from, to_s: to } = finding;
  const stretch: [number, number] | null = from == null ? null : [from, to ?? end];
  const shown = stretch !== null && marked?.[0] === stretch[0] && marked[1] === stretch[1];
  return (
    <Accordion.Item value={finding.id}>
      <Accordion.Control>
        <Group gap="xs" wrap="nowrap">
          <Badge color={colours[finding.severity]} variant="light" style={{ flexShrink: 0 }}>
            {say(`severity.${finding.severity}`)}
          </Badge>
          <Text size="sm" fw={500} lang="en">
            {finding.title}
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Text size="sm" lang="en">{finding.explanation}</Text>
        <List size="sm" my="xs" lang="en">
          {finding.evidence.map((figure) => (
            <List.Item key={figure.name}>
              {figure.name}: <b>{figure.text}</b>
            </List.Item>
          ))}
        </List>
        <Text size="sm" c="dimmed">
          {say("result.next")} <span lang="en">{finding.next_test.text}</span>
        </Text>
        {stretch && (
          <Button mt="xs" size="compact-sm" variant={shown ? "filled" : "light"} aria-pressed={shown} onClick={() => mark(shown ? null : stretch)}>
            {say("result.at", { from: tell.seconds(stretch[0]), to: tell.seconds(stretch[1]) })}
          </Button>
        )}
      </Accordion.Panel>
    </Accordion.Item>
  );
}
