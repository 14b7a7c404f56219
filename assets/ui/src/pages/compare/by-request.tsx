// How each request has changed: its p95 in a line, all of its measures behind it.

import { Accordion, Badge, Group, Text, Title } from "@mantine/core";

import type { Comparison, ComparisonCompared } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

import { grown, Measures, told } from "./measures";
import { verdictOf } from "./model";

const colours = { worse: "red", better: "green", mixed: "yellow", same: "gray", unknown: "gray" };

export function ByRequest({ comparison }: { comparison: Comparison }) {
  const { say } = useWords();
  const { by_request: requests, added, removed } = comparison;
  return (
    <section aria-labelledby="requests">
      <Title order={2} size="h4" mb="xs" id="requests">
        {say("result.requests")}
      </Title>
      <Accordion variant="separated" multiple>
        {requests.map((compared, place) => (
          <Accordion.Item key={compared.name} value={`${place}`}>
            <Accordion.Control>
              <Head compared={compared} />
            </Accordion.Control>
            <Accordion.Panel>
              <Measures compared={compared} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      {removed.length > 0 && <Only text={say("compare.only", { run: "A" })} names={removed} />}
      {added.length > 0 && <Only text={say("compare.only", { run: "B" })} names={added} />}
    </section>
  );
}

function Head({ compared }: { compared: ComparisonCompared }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const verdict = verdictOf(compared);
  const p95 = compared.measures.find(({ name }) => name === "p95");
  return (
    <Group justify="space-between" gap="xs" pe="xs">
      <Text size="sm" fw={500} maw="100%" style={{ overflowWrap: "anywhere" }}>
        {compared.name}
      </Text>
      <Group gap="xs">
        {p95 && (
          <Text size="sm" c="dimmed">
            {`p95 ${told(tell, p95, p95.a)} → ${told(tell, p95, p95.b)} (${grown(tell, p95)})`}
          </Text>
        )}
        <Badge color={colours[verdict]} variant="light">
          {say(`compare.${verdict}`)}
        </Badge>
      </Group>
    </Group>
  );
}

function Only({ text, names }: { text: string; names: string[] }) {
  return (
    <Text size="sm" mt="xs" style={{ overflowWrap: "anywhere" }}>
      {text} {names.join(", ")}
    </Text>
  );
}
