// The table of runs. However many there are, only those in sight are drawn.

import { Badge, Box, Checkbox, Group, Stack, Table, Text, useMatches, VisuallyHidden } from "@mantine/core";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";

import type { HistoryItem } from "~/api/schema";
import { figures } from "~/app/figures";
import { type Key, useWords } from "~/i18n";
import { Heading, type Sort } from "~/parts/heading";
import { AnchorLink } from "~/parts/links";
import { SortedBy } from "~/parts/sorted-by";
import { Verdict } from "~/parts/verdict";

/** How high a row is until it is measured, in pixels. */
const ROW = 44;
/** Rows drawn beyond those in sight. */
const BEYOND = 20;
/** So many rows before the end the next ones are asked for. */
const AHEAD = 30;

/** What a run is told by: its field, what that is called, from which width on it has a column, and whether it is a figure. */
const columns: [field: string, name: Key, from?: "sm" | "lg", right?: boolean][] = [
  ["name", "results.name"],
  ["status", "results.verdict", "sm"],
  ["created_at", "results.began", "lg"],
  ["duration_s", "measure.duration", "lg", true],
  ["requests", "measure.requests", "lg", true],
  ["failures", "measure.failures", "lg", true],
  ["rps", "measure.rps", "lg", true],
  ["p95_ms", "measure.p95", "lg", true],
];

interface Props {
  runs: HistoryItem[];
  picked: string[];
  toggle: (id: string) => void;
  sort: Sort | undefined;
  onSort: (sort: Sort) => void;
  /** Asks for more, once however often it is called until they are there; none where there are no more. */
  more: (() => void) | null;
}

export function RunsTable({ runs, picked, toggle, sort, onSort, more }: Props) {
  const { say } = useWords();
  const wide = useMatches({ base: false, sm: true });
  const place = useRef<HTMLTableElement>(null);
  // How far the page is scrolled until the table begins.
  const [above, setAbove] = useState(0);
  useLayoutEffect(() => setAbove((place.current?.getBoundingClientRect().top ?? 0) + window.scrollY), []);
  const seen = useWindowVirtualizer({ count: runs.length, estimateSize: () => ROW, overscan: BEYOND, scrollMargin: above });
  const rows = seen.getVirtualItems();
  const [first, last] = [rows[0], rows.at(-1)];
  const nearEnd = last !== undefined && last.index >= runs.length - AHEAD;
  useEffect(() => {
    if (nearEnd) more?.();
  });
  const by = sort ?? "-created_at";
  return (
    <Stack gap="xs">
      <SortedBy hiddenFrom="lg" w={{ base: "100%", xs: 220 }} fields={columns.map(([field, name]) => [field, say(name)])} sort={by} onSort={onSort} />
      <Table highlightOnHover verticalSpacing="xs" ref={place} aria-rowcount={more ? -1 : runs.length + 1}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={40}>
              <VisuallyHidden>{say("results.compare")}</VisuallyHidden>
            </Table.Th>
            {columns.map(([field, name, from, right = false]) => (
              <Heading key={field} by={field} sort={by} onSort={onSort} right={right} from={from}>{say(name)}</Heading>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody style={{ whiteSpace: "nowrap" }}>
          <Space height={first ? first.start - above : 0} />
          {rows.map(({ index }) => {
            const run = runs[index];
            return run && (
              <Row
                key={run.run_id} run={run} index={index} measure={seen.measureElement}
                wide={wide} picked={picked.includes(run.run_id)} toggle={() => toggle(run.run_id)}
              />
            );
          })}
          <Space height={last ? seen.getTotalSize() - (last.end - above) : 0} />
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

/** Where rows are that nobody sees. */
function Space({ height }: { height: number }) {
  return height > 0 ? <tr aria-hidden style={{ height }} /> : null;
}

interface RowProps {
  run: HistoryItem;
  /** Whether the verdict has a column. */
  wide: boolean;
  index: number;
  measure: (row: HTMLTableRowElement | null) => void;
  picked: boolean;
  toggle: () => void;
}

function Row({ run, wide, index, measure, picked, toggle }: RowProps) {
  const { say, language } = useWords();
  const tell = figures(language);
  const began = tell.when(run.started_at ?? run.created_at);
  const told = run.requests > 0 ? [say("results.requests", { count: tell.compact(run.requests) }), `${say("measure.p95")} ${tell.ms(run.p95_ms)}`] : [];
  return (
    <Table.Tr ref={measure} data-index={index} aria-rowindex={index + 2} bg={picked ? "var(--mantine-primary-color-light)" : undefined}>
      <Table.Td>
        <Checkbox aria-label={say("results.select", { name: run.name })} checked={picked} onChange={toggle} disabled={run.requests === 0} />
      </Table.Td>
      {/* It takes the room that the others leave. */}
      <Table.Td w="100%" maw={0}>
        <Group gap="xs" wrap="nowrap">
          <AnchorLink to="/results/$id" params={{ id: run.run_id }} size="sm" truncate display="block" title={run.name}>
            {run.name}
          </AnchorLink>
          {run.baseline && <Badge size="xs" variant="outline" style={{ flexShrink: 0 }}>{say("results.baseline")}</Badge>}
        </Group>
        <Text size="xs" c="dimmed" hiddenFrom="lg" style={{ whiteSpace: "normal" }}>{[began, ...told].join(" · ")}</Text>
        {!wide && <Box><Verdict {...run} /></Box>}
      </Table.Td>
      {wide && <Table.Td><Verdict {...run} stacked /></Table.Td>}
      <Table.Td visibleFrom="lg">{began}</Table.Td>
      <Table.Td visibleFrom="lg" ta="right">{tell.seconds(run.duration_s)}</Table.Td>
      <Table.Td visibleFrom="lg" ta="right">{tell.compact(run.requests)}</Table.Td>
      <Table.Td visibleFrom="lg" ta="right" c={run.failures > 0 ? "red" : undefined}>{tell.compact(run.failures)}</Table.Td>
      <Table.Td visibleFrom="lg" ta="right">{run.rps == null ? "–" : tell.rate(run.rps)}</Table.Td>
      <Table.Td visibleFrom="lg" ta="right">{tell.ms(run.p95_ms)}</Table.Td>
    </Table.Tr>
  );
}
