// Each request name with its figures.

import { Stack, Table, Text } from "@mantine/core";
import { Fragment, type ReactNode } from "react";

import { figures } from "~/app/figures";
import { type Key, useWords } from "~/i18n";
import { Heading } from "~/parts/heading";
import { SortedBy } from "~/parts/sorted-by";

import type { RequestRow } from "./model";
import { Opener } from "./opener";
import classes from "./requests.module.css";
import { Sparkline } from "./sparkline";
import type { Trends } from "./trends";
import { measures, type ResultSearch, toggled } from "./view";

type Column = (typeof measures)[number];

const named: Record<Column, Key> = {
  name: "result.request", requests: "measure.requests", failures: "measure.failures", rps: "measure.rps", p50: "measure.p50", p95: "measure.p95",
  p99: "measure.p99",
};

/** From which width on there is room for a column; what has none is told below the name. */
const from: Partial<Record<Column, "md" | "lg">> = { requests: "md", failures: "md", rps: "lg", p50: "lg", p99: "lg" };

/** Words that no end of a line comes between. */
const together = (words: string) => words.replaceAll(" ", "\u00a0");

interface Props {
  rows: RequestRow[];
  trends: Trends;
  /** Seconds that the run took so far. */
  end: number;
  /** What else is known of a request, where anything is. */
  detail?: ((name: string) => ReactNode) | undefined;
  search: ResultSearch;
  see: (change: ResultSearch) => void;
}

export function Requests({ rows, trends, end, detail, search, see }: Props) {
  const { say, language } = useWords();
  const tell = figures(language);
  const { sort = "-requests", open = [] } = search;
  const onSort = (sort: string) => see({ sort });
  const [by, sign] = sort.startsWith("-") ? [sort.slice(1) as Column, -1] : [sort as Column, 1];
  const line = (name: string) => {
    const trend = trends.get(name);
    return trend ? <Sparkline trend={trend} end={end} /> : "–";
  };
  const time = (row: RequestRow, value: number) => (row.requests > 0 ? tell.ms(value) : "–");
  const sorted = [...rows].sort((a, b) => sign * (by === "name" ? a.name.localeCompare(b.name) : a[by] - b[by]));
  return (
    <Stack gap="xs" align="stretch">
      <SortedBy hiddenFrom="lg" w={{ base: "100%", xs: 220 }} fields={measures.map((one) => [one, say(named[one])])} sort={sort} onSort={onSort} />
      <Table.ScrollContainer minWidth={0} className={classes.box}>
        <Table verticalSpacing="xs" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {measures.map((column) => (
                <Fragment key={column}>
                  <Heading by={column} right={column !== "name"} from={from[column]} sort={sort} onSort={onSort}>
                    {say(named[column])}
                  </Heading>
                  {column === "rps" && <Table.Th visibleFrom="lg" fw={400} fz="xs" c="dimmed">{say("result.over_time")}</Table.Th>}
                </Fragment>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sorted.map((row) => {
              const id = `request-${encodeURIComponent(row.name)}`;
              const shown = open.includes(row.name) ? detail : undefined;
              const bad = row.failures > 0 ? "red" : undefined;
              return (
                <Fragment key={row.name}>
                  <Table.Tr className={classes.figures}>
                    <Table.Td w="100%" className={classes.name}>
                      {detail ? <Opener name={row.name} open={shown !== undefined} controls={id} toggle={() => see({ open: toggled(open, row.name) })} /> : row.name}
                      <Text size="xs" c="dimmed" hiddenFrom="lg">
                        <Text span inherit hiddenFrom="md">
                          {together(say("results.requests", { count: tell.compact(row.requests) }))} ·{" "}
                          <Text span inherit c={bad}>{together(say("result.row_failures", { count: tell.compact(row.failures) }))}</Text> ·{" "}
                        </Text>
                        {[`${tell.rate(row.rps)}/s`, `${say("measure.p50")} ${time(row, row.p50)}`, `${say("measure.p99")} ${time(row, row.p99)}`].map(together).join(" · ")}
                      </Text>
                    </Table.Td>
                    <Table.Td visibleFrom="md" ta="right">{tell.compact(row.requests)}</Table.Td>
                    <Table.Td visibleFrom="md" ta="right" c={bad}>{tell.compact(row.failures)}</Table.Td>
                    <Table.Td visibleFrom="lg" ta="right">{tell.rate(row.rps)}</Table.Td>
                    <Table.Td visibleFrom="lg">{line(row.name)}</Table.Td>
                    <Table.Td visibleFrom="lg" ta="right">{time(row, row.p50)}</Table.Td>
                    <Table.Td ta="right">{time(row, row.p95)}</Table.Td>
                    <Table.Td visibleFrom="lg" ta="right">{time(row, row.p99)}</Table.Td>
                  </Table.Tr>
                  {shown && (
                    <Table.Tr id={id} className={classes.detail}>
                      <Table.Td colSpan={measures.length + 1}><div className={classes.inside}>{shown(row.name)}</div></Table.Td>
                    </Table.Tr>
                  )}
                </Fragment>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {detail && rows.some(({ name }) => !trends.has(name)) && <Text size="xs" c="dimmed" visibleFrom="lg">{say("result.some_lines")}</Text>}
    </Stack>
  );
}
