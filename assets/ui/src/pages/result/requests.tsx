// Each request name with its figures.

import { Table } from "@mantine/core";
import { useState } from "react";

import { figures } from "~/app/figures";
import { type Key, useWords } from "~/i18n";
import { Heading, type Sort } from "~/parts/heading";

import type { RequestRow } from "./model";

type Column = Exclude<keyof RequestRow, "method">;

const columns: [Column, Key][] = [
  ["name", "result.request"], ["requests", "measure.requests"], ["failures", "measure.failures"], ["rps", "measure.rps"],
  ["p50", "measure.p50"], ["p95", "measure.p95"], ["p99", "measure.p99"],
];

export function Requests({ rows }: { rows: RequestRow[] }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const [sort, setSort] = useState<Sort>("-requests");
  const [by, sign] = sort.startsWith("-") ? [sort.slice(1) as Column, -1] : [sort as Column, 1];
  const sorted = [...rows].sort((a, b) => sign * (by === "name" ? a.name.localeCompare(b.name) : a[by] - b[by]));
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table verticalSpacing="xs" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            {columns.map(([column, name]) => (
              <Heading key={column} by={column} right={column !== "name"} sort={sort} onSort={setSort}>
                {say(name)}
              </Heading>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sorted.map((row) => (
            <Table.Tr key={row.name}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>{row.name}</Table.Td>
              <Table.Td ta="right">{tell.compact(row.requests)}</Table.Td>
              <Table.Td ta="right" c={row.failures > 0 ? "red" : undefined}>{tell.compact(row.failures)}</Table.Td>
              <Table.Td ta="right">{tell.rate(row.rps)}</Table.Td>
              <Table.Td ta="right">{tell.ms(row.p50)}</Table.Td>
              <Table.Td ta="right">{tell.ms(row.p95)}</Table.Td>
              <Table.Td ta="right">{tell.ms(row.p99)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
