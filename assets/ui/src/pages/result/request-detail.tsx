// What is known of one request of a run that is over.

import { Grid, SimpleGrid, Stack, Table, Text } from "@mantine/core";

import type { Outcome, OutcomeRequestStats } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { Chart } from "~/parts/chart";
import { colours } from "~/parts/colours";

import { seriesOfRequest, statusesOf } from "./detail";
import type { Series } from "./model";
import { Parts } from "./parts";
import classes from "./requests.module.css";
import { Small } from "./small";

interface Props {
  outcome: Outcome;
  name: string;
  marked: [number, number] | null;
}

export default function RequestDetail({ outcome, name, marked }: Props) {
  const request = outcome.by_request.find((of) => of.name === name);
  const { say } = useWords();
  if (!request?.requests) return <Text size="sm" c="dimmed">{say("detail.never")}</Text>;
  const series = seriesOfRequest(outcome, name);
  return (
    <Stack gap="md">
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 8 }}><Parts timings={request.timings_ms} /></Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}><Statuses request={request} /></Grid.Col>
        <Grid.Col span={{ base: 12, lg: 8 }}><Times request={request} /></Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}><Traffic request={request} /></Grid.Col>
      </Grid>
      {series && <OverTime series={series} marked={marked} />}
    </Stack>
  );
}

function Statuses({ request }: { request: OutcomeRequestStats }) {
  const { say, language } = useWords();
  const tell = figures(language);
  return (
    <Small title={say("detail.statuses")}>
      <Table verticalSpacing={4} fz="xs" aria-label={say("detail.statuses")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say("detail.status")}</Table.Th>
            <Table.Th ta="right">{say("result.count")}</Table.Th>
            <Table.Th ta="right">{say("detail.share")}</Table.Th>
            <Table.Th ta="right">{say("measure.p95")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {statusesOf(request).map(({ code, count, share, p95 }) => (
            <Table.Tr key={code}>
              <Table.Td>{code ?? say("detail.no_answer")}</Table.Td>
              <Table.Td ta="right">{tell.count(count)}</Table.Td>
              <Table.Td ta="right">{tell.share(share)}</Table.Td>
              <Table.Td ta="right">{tell.ms(p95)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Small>
  );
}

const measures = ["min", "avg", "p50", "p95", "p99", "max"] as const;

function Times({ request }: { request: OutcomeRequestStats }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const rows = [["detail.sent", request.latency_ms], ["detail.corrected", request.corrected_latency_ms]] as const;
  return (
    <Small title={say("detail.times")}>
      <Table.ScrollContainer minWidth={560}>
        <Table verticalSpacing={4} fz="xs" className={classes.figures} aria-label={say("detail.times")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say("detail.from")}</Table.Th>
              {measures.map((measure) => <Table.Th key={measure} ta="right">{say(`measure.${measure}`)}</Table.Th>)}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(([from, times]) => (
              <Table.Tr key={from}>
                <Table.Td>{say(from)}</Table.Td>
                {measures.map((measure) => <Table.Td key={measure} ta="right">{tell.ms(times[measure])}</Table.Td>)}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="xs" c="dimmed">{say("detail.corrected_why")}</Text>
    </Small>
  );
}

function Traffic({ request }: { request: OutcomeRequestStats }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const { requests, redirects, bytes_in, bytes_out } = request;
  const size = (bytes: number) => say("detail.each", { size: tell.bytes(bytes), each: tell.bytes(bytes / requests) });
  const facts = [
    ["detail.bytes_in", size(bytes_in)], ["detail.bytes_out", size(bytes_out)], ["detail.redirects", tell.count(redirects)],
  ] as const;
  return (
    <Small title={say("detail.traffic")}>
      <Table verticalSpacing={4} fz="xs" className={classes.figures} aria-label={say("detail.traffic")}>
        <Table.Tbody>
          {facts.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{say(name)}</Table.Th>
              <Table.Td ta="right">{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Small>
  );
}

function OverTime({ series, marked }: { series: Series; marked: Props["marked"] }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const common = { at: series.at, marked, height: 140 };
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      <Chart
        {...common} title={say("detail.chart_load")}
        lines={[
          { name: say("measure.rps"), colour: colours.blue, values: series.rps, tell: tell.rate, fill: true },
          { name: say("measure.failures"), colour: colours.red, values: series.failures, tell: tell.rate },
        ]}
      />
      <Chart
        {...common} title={say("result.chart_times")}
        lines={[
          { name: say("measure.p50"), colour: colours.green, values: series.p50, tell: tell.ms },
          { name: say("measure.p95"), colour: colours.orange, values: series.p95, tell: tell.ms },
        ]}
      />
    </SimpleGrid>
  );
}
