// A table of the breakdown: a heading, and columns that are sorted by when somebody asks for it.

import { Table, Title } from "@mantine/core";
import { useId, useState } from "react";

import { type Key, useWords } from "~/i18n";
import { Heading, type Sort } from "~/parts/heading";

export interface Column<Row> {
  name: Key;
  /** What it is sorted by; nothing where nothing was measured. */
  of: (row: Row) => string | number | null;
  /** How a figure is told. Names tell themselves, and stand on the left. */
  tell?: (value: number) => string;
  bad?: (row: Row) => boolean;
}

interface Props<Row> {
  title: Key;
  rows: Row[];
  columns: Column<Row>[];
  minWidth: number;
}

export function BreakdownTable<Row>({ title, rows, columns, minWidth }: Props<Row>) {
  const { say } = useWords();
  const [sort, setSort] = useState<Sort>("");
  const id = useId();
  const column = columns.find((_, place) => sort.replace("-", "") === by(columns, place));
  const sorted = column ? [...rows].sort((a, b) => (sort.startsWith("-") ? -1 : 1) * compared(column.of(a), column.of(b))) : rows;
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <Title order={2} size="h4" id={id} mb="xs">{say(title)}</Title>
      <Table.ScrollContainer minWidth={minWidth}>
        <Table verticalSpacing="xs" aria-labelledby={id}>
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ name, tell }, place) => <Heading key={name} by={by(columns, place)} right={Boolean(tell)} sort={sort} onSort={setSort}>{say(name)}</Heading>)}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sorted.map((row, place) => (
              <Table.Tr key={place}>
                {columns.map(({ name, of, tell, bad }) => {
                  const value = of(row);
                  return (
                    <Table.Td
                      key={name} miw={tell ? undefined : 120} ta={tell ? "right" : undefined} c={bad?.(row) ? "red" : undefined}
                      style={tell ? { whiteSpace: "nowrap" } : { overflowWrap: "anywhere" }}
                    >
                      {value === null ? "–" : typeof value === "number" && tell ? tell(value) : value}
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}

/** What stands first is what a row is called. */
const by = <Row,>(columns: Column<Row>[], place: number): string => (place === 0 ? "name" : (columns[place]?.name ?? ""));

const compared = (a: string | number | null, b: string | number | null) =>
  typeof a === "string" && typeof b === "string" ? a.localeCompare(b) : Number(a ?? -1) - Number(b ?? -1);
