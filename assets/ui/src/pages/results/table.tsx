// The table of runs. However many there are, only those in sight are drawn.

import { Badge, Checkbox, Group, Table, VisuallyHidden } from "@mantine/core";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";

import type { HistoryItem } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { Heading, type Sort } from "~/parts/heading";
import { AnchorLink } from "~/parts/links";
import { Verdict } from "~/parts/verdict";

/** How high a row is until it is measured, in pixels. */
const ROW = 44;
/** Rows drawn beyond those in sight. */
const BEYOND = 20;
/** So many rows before the end the next ones are asked for. */
const AHEAD = 30;

interface Props {
  runs: HistoryItem[];
  picked: string[];
  toggle: (run: HistoryItem) => void;
  sort: Sort | undefined;
  onSort: (sort: Sort) => void;
  /** Asks for more; none where there are no more, or where they are on their way. */
  more: (() => void) | null;
}

export function RunsTable({ runs, picked, toggle, sort, onSort, more }: Props) {
  const { say } = useWords();
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
  const column = (by: string, name: string, right?: boolean) => (
    <Heading by={by} sort={sort ?? "-created_at"} onSort={onSort} right={right ?? false}>{name}</Heading>
  );
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table highlightOnHover verticalSpacing="xs" ref={place} aria-rowcount={more ? -1 : runs.length + 1}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={40}>
              <VisuallyHidden>{say("results.compare")}</VisuallyHidden>
            </Table.Th>
            {column("name", say("results.name"))}
            {column("status", say("results.verdict"))}
            {column("created_at", say("results.began"))}
            {column("duration_s", say("measure.duration"), true)}
            {column("requests", say("measure.requests"), true)}
            {column("failures", say("measure.failures"), true)}
            {column("rps", say("measure.rps"), true)}
            {column("p95_ms", say("measure.p95"), true)}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody style={{ whiteSpace: "nowrap" }}>
          <Space height={first ? first.start - above : 0} />
          {rows.map(({ index }) => {
            const run = runs[index];
            return run && (
              <Row
                key={run.run_id} run={run} index={index} measure={seen.measureElement}
                picked={picked.includes(run.run_id)} toggle={() => toggle(run)}
              />
            );
          })}
          <Space height={last ? seen.getTotalSize() - (last.end - above) : 0} />
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Where rows are that nobody sees. */
function Space({ height }: { height: number }) {
  return height > 0 ? <tr aria-hidden style={{ height }} /> : null;
}

interface RowProps {
  run: HistoryItem;
  index: number;
  measure: (row: HTMLTableRowElement | null) => void;
  picked: boolean;
  toggle: () => void;
}

function Row({ run, index, measure, picked, toggle }: RowProps) {
  const { say, language } = useWords();
  const tell = figures(language);
  return (
    <Table.Tr ref={measure} data-index={index} aria-rowindex={index + 2} bg={picked ? "var(--mantine-primary-color-light)" : undefined}>
      <Table.Td>
        <Checkbox aria-label={say("results.select", { name: run.name })} checked={picked} onChange={toggle} disabled={run.requests === 0} />
      </Table.Td>
      <Table.Td maw={320}>
        <Group gap="xs" wrap="nowrap">
          <AnchorLink to="/results/$id" params={{ id: run.run_id }} size="sm" truncate display="block" title={run.name}>
            {run.name}
          </AnchorLink>
          {run.baseline && <Badge size="xs" variant="outline">{say("results.baseline")}</Badge>}
        </Group>
      </Table.Td>
      <Table.Td>
        <Verdict status={run.status} passed={run.passed ?? null} />
      </Table.Td>
      <Table.Td>{tell.when(run.started_at ?? run.created_at)}</Table.Td>
      <Table.Td ta="right">{tell.seconds(run.duration_s)}</Table.Td>
      <Table.Td ta="right">{tell.compact(run.requests)}</Table.Td>
      <Table.Td ta="right" c={run.failures > 0 ? "red" : undefined}>{tell.compact(run.failures)}</Table.Td>
      <Table.Td ta="right">{run.rps == null ? "–" : tell.rate(run.rps)}</Table.Td>
      <Table.Td ta="right">{tell.ms(run.p95_ms)}</Table.Td>
    </Table.Tr>
  );
}
