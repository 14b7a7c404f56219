// Each request name with its figures.

import { Table } from "@mantine/core";
import { Fragment, type ReactNode, useState } from "react";

import { figures } from "~/app/figures";
import { type Key, useWords } from "~/i18n";
import { Heading, type Sort } from "~/parts/heading";

import type { RequestRow } from "./model";
import { Opener } from "./opener";
import classes from "./requests.module.css";
import { Sparkline } from "./sparkline";
import type { Trends } from "./trends";

type Column = Exclude<keyof RequestRow, "method">;

const columns: [Column, Key][] = [
  ["name", "result.request"], ["requests", "measure.requests"], ["failures", "measure.failures"], ["rps", "measure.rps"],
  ["p50", "measure.p50"], ["p95", "measure.p95"], ["p99", "measure.p99"],
];

interface Props {
  rows: RequestRow[];
  trends: Trends;
  /** Seconds that the run took so far. */
  end: number;
  /** What else is known of a request, where anything is. */
  detail?: ((name: string) => ReactNode) | undefined;
}

export function Requests({ rows, trends, end, detail }: Props) {
  const { say, language } = useWords();
  const tell = figures(language);
  const [sort, setSort] = useState<Sort>("-requests");
  const [opened, setOpened] = useState<string[]>([]);
  const toggle = (name: string) => setOpened((names) => (names.includes(name) ? names.filter((other) => other !== name) : [...names, name]));
  const [by, sign] = sort.startsWith("-") ? [sort.slice(1) as Column, -1] : [sort as Column, 1];
  const line = (name: string) => {
    const trend = trends.get(name);
    return trend && <Sparkline trend={trend} end={end} />;
  };
  const sorted = [...rows].sort((a, b) => sign * (by === "name" ? a.name.localeCompare(b.name) : a[by] - b[by]));
  return (
    <Table.ScrollContainer minWidth={640} className={classes.box}>
      <Table verticalSpacing="xs" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            {columns.map(([column, name]) => (
              <Fragment key={column}>
                <Heading by={column} right={column !== "name"} sort={sort} onSort={setSort}>
                  {say(name)}
                </Heading>
                {column === "rps" && <Table.Th visibleFrom="sm" fw={400} fz="xs" c="dimmed">{say("result.over_time")}</Table.Th>}
              </Fragment>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sorted.map((row) => {
            const id = `request-${encodeURIComponent(row.name)}`;
            const shown = opened.includes(row.name) ? detail : undefined;
            return (
              <Fragment key={row.name}>
                <Table.Tr>
                  <Table.Td style={{ overflowWrap: "anywhere" }}>
                    {detail ? <Opener name={row.name} open={shown !== undefined} controls={id} toggle={() => toggle(row.name)} /> : row.name}
                  </Table.Td>
                  <Table.Td ta="right">{tell.compact(row.requests)}</Table.Td>
                  <Table.Td ta="right" c={row.failures > 0 ? "red" : undefined}>{tell.compact(row.failures)}</Table.Td>
                  <Table.Td ta="right">{tell.rate(row.rps)}</Table.Td>
                  <Table.Td visibleFrom="sm">{line(row.name)}</Table.Td>
                  <Table.Td ta="right">{row.requests > 0 ? tell.ms(row.p50) : "–"}</Table.Td>
                  <Table.Td ta="right">{row.requests > 0 ? tell.ms(row.p95) : "–"}</Table.Td>
                  <Table.Td ta="right">{row.requests > 0 ? tell.ms(row.p99) : "–"}</Table.Td>
                </Table.Tr>
                {shown && (
                  <Table.Tr id={id} className={classes.detail}>
                    <Table.Td colSpan={columns.length + 1}><div className={classes.inside}>{shown(row.name)}</div></Table.Td>
                  </Table.Tr>
                )}
              </Fragment>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
