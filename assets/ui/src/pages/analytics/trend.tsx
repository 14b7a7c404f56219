// A question about how a test has changed, and its answer.

import { Badge, Button, Card, Group, Skeleton, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { answer, api } from "~/api/client";
import type { TrendAnswer, TrendMeasure, TrendVerdict } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { AnchorLink, ButtonLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";

const colours: Record<TrendVerdict, string> = { worse: "red", better: "green", same: "blue", untested: "gray", not_enough: "yellow" };

export function Trend({ question, ask }: { question?: string; ask: (question: string) => void }) {
  const { say } = useWords();
  const [written, write] = useState(question ?? "");
  // Going back leads to the question before, and the field says it.
  const [asked, note] = useState(question);
  if (asked !== question) {
    note(question);
    write(question ?? "");
  }
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ["trend", question],
    enabled: Boolean(question),
    queryFn: () => answer(api.GET("/api/maid/search/trend", { params: { query: { q: question ?? "" } } })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = written.trim();
    if (wanted === question) void refetch();
    else if (wanted) ask(wanted);
  };
  const examples = [say("trend.example"), say("trend.example_errors"), say("trend.example_baseline")];
  return (
    <section aria-labelledby="trend">
      <Title order={2} size="h4" mb="xs" id="trend">{say("trend.title")}</Title>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="xs">
          <TextInput
            label={say("trend.question")} placeholder={say("trend.example")} maxLength={1000} flex="1 1 16rem" maw="40rem"
            value={written} onChange={(event) => write(event.currentTarget.value)}
          />
          <Button type="submit" loading={isFetching} disabled={!written.trim()}>{say("trend.ask")}</Button>
        </Group>
      </form>
      <Text size="sm" c="dimmed" mt={6}>{say("trend.how")}</Text>
      {!question && (
        <Group gap="xs" mt="xs">
          {examples.map((example) => <Button key={example} size="xs" variant="default" onClick={() => ask(example)} h="auto" mih={30} styles={{ label: { whiteSpace: "normal" } }}>{example}</Button>)}
        </Group>
      )}
      <div aria-live="polite">
        {question && !data && !error && <Skeleton h={140} mt="md" />}
        {error && <ProblemAlert error={error} again={() => void refetch()} />}
        {data && <Answer told={data} />}
      </div>
    </section>
  );
}

function Answer({ told }: { told: TrendAnswer }) {
  const { say, language } = useWords();
  const tell = telling(told.measure, language);
  const change = told.change == null ? "–" : `${told.change > 0 ? "+" : ""}${figures(language).share(told.change)}`;
  const known: [string, string][] = [[say("trend.before"), tell(told.before)], [say("trend.now"), tell(told.now)], [say("trend.change"), change]];
  const [newest, before] = [told.runs.find((run) => run.newest), told.runs.find((run) => !run.newest)];
  return (
    <Card withBorder mt="md">
      <Stack gap="sm">
        <Group gap="sm">
          <Badge color={colours[told.verdict]} variant="light" tt="none" size="lg">{say(`trend.verdict.${told.verdict}`)}</Badge>
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {[told.test, told.request, say(`trend.measure.${told.measure}`)].filter(Boolean).join(" · ")}
          </Text>
        </Group>
        <Text style={{ overflowWrap: "anywhere" }}>{told.answer}</Text>
        {told.notes.map((note) => <Text key={note} size="sm" c="dimmed">{note}</Text>)}
        {told.now != null && (
          <Group gap="xl">
            {known.map(([name, value]) => (
              <div key={name}>
                <Text size="xs" c="dimmed">{name}</Text>
                <Text size="lg" fw={600}>{value}</Text>
              </div>
            ))}
          </Group>
        )}
        {told.runs.length > 0 && <Runs told={told} />}
        {newest && before && (
          <ButtonLink to="/compare" search={{ a: before.run_id, b: newest.run_id }} variant="default" size="xs" style={{ alignSelf: "flex-start" }}>
            {say("trend.compare")}
          </ButtonLink>
        )}
      </Stack>
    </Card>
  );
}

function Runs({ told }: { told: TrendAnswer }) {
  const { say, language } = useWords();
  const tell = telling(told.measure, language);
  return (
    <Table.ScrollContainer minWidth={280}>
      <Table verticalSpacing={4} captionSide="top">
        <Table.Caption>{say("trend.runs")}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say("trend.run")}</Table.Th>
            <Table.Th ta="right">{say(`trend.measure.${told.measure}`)}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {told.runs.map((run) => (
            <Table.Tr key={run.run_id}>
              <Table.Td>
                <Group gap="xs">
                  <AnchorLink to="/results/$id" params={{ id: run.run_id }} size="sm">{figures(language).date(run.at)}</AnchorLink>
                  {run.newest && <Badge size="xs" variant="outline" tt="none">{say("trend.newest")}</Badge>}
                </Group>
              </Table.Td>
              <Table.Td ta="right">{tell(run.value)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function telling(measure: TrendMeasure, language: "en" | "de"): (value: number | null | undefined) => string {
  const { share, rate, ms } = figures(language);
  return (value) => (value == null ? "–" : measure === "error_rate" ? share(value) : measure === "rps" ? rate(value) : ms(value));
}
