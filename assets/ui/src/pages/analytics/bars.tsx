// Counts by day as stacked bars, and the same as a table.

import { Collapse, Group, Table, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

import classes from "./bars.module.css";

export interface Part {
  name: string;
  colour: string;
  counts: number[];
}

interface Props {
  title: string;
  /** As `2026-11-22`, the oldest first. */
  days: string[];
  /** What a day is called in the table. */
  day: string;
  parts: Part[];
}

const [WIDE, HIGH, GAP] = [1000, 180, 0.2];

export function Bars({ title, days, day, parts }: Props) {
  const { say, language } = useWords();
  const [opened, { toggle }] = useDisclosure();
  const tell = figures(language);
  const name = (at: string | undefined) => (at ? tell.shortDay(at) : "");
  const most = Math.max(1, ...days.map((_, place) => parts.reduce((sum, part) => sum + (part.counts[place] ?? 0), 0)));
  return (
    <figure className={classes.chart}>
      <figcaption className={classes.title}>{title}</figcaption>
      <Group gap="4px 16px" mb={4}>
        {parts.map((part) => (
          <Group key={part.name} gap={6} wrap="nowrap">
            <svg width={12} height={12} aria-hidden><rect width={12} height={12} rx={2} fill={part.colour} /></svg>
            <Text size="xs">{part.name}</Text>
          </Group>
        ))}
      </Group>
      <div className={classes.plot}>
        <Text size="xs" c="dimmed" className={classes.most}>{tell.compact(most)}</Text>
        <svg viewBox={`0 0 ${WIDE} ${HIGH}`} width="100%" height={HIGH} preserveAspectRatio="none" aria-hidden>
          <line x1={0} x2={WIDE} y1={0.5} y2={0.5} className={classes.line} />
          <line x1={0} x2={WIDE} y1={HIGH - 0.5} y2={HIGH - 0.5} className={classes.line} />
          {days.map((at, place) => <Bar key={at} place={place} of={days.length} parts={parts} most={most} title={name(at)} />)}
        </svg>
        <Group justify="space-between" mt={2}>
          {[0, Math.floor((days.length - 1) / 2), days.length - 1].map((place) => <Text key={place} size="xs" c="dimmed">{name(days[place])}</Text>)}
        </Group>
      </div>
      <UnstyledButton fz="sm" c="var(--mantine-color-anchor)" mt={4} mih={24} onClick={toggle} aria-expanded={opened}>{say("analytics.table")}</UnstyledButton>
      <Collapse expanded={opened}>
        <Table.ScrollContainer minWidth={320} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
          <Table verticalSpacing={4} aria-label={title}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{day}</Table.Th>
                {parts.map((part) => <Table.Th key={part.name} ta="right">{part.name}</Table.Th>)}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {days.map((at, place) => ({ at, place })).filter(({ place }) => parts.some((part) => part.counts[place])).reverse().map(({ at, place }) => (
                <Table.Tr key={at}>
                  <Table.Td>{name(at)}</Table.Td>
                  {parts.map((part) => <Table.Td key={part.name} ta="right">{tell.count(part.counts[place] ?? 0)}</Table.Td>)}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Collapse>
    </figure>
  );
}

function Bar({ place, of, parts, most, title }: { place: number; of: number; parts: Part[]; most: number; title: string }) {
  const wide = WIDE / of;
  let under = 0;
  return (
    <g>
      <title>{`${title}: ${parts.map((part) => `${part.name} ${part.counts[place] ?? 0}`).join(", ")}`}</title>
      {/* The whole day shows its figures, not the bar alone. */}
      <rect x={place * wide} y={0} width={wide} height={HIGH} fill="transparent" />
      {parts.map((part) => {
        const high = ((part.counts[place] ?? 0) / most) * (HIGH - 2);
        under += high;
        return high > 0 && <rect key={part.name} x={(place + GAP / 2) * wide} y={HIGH - 1 - under} width={wide * (1 - GAP)} height={high} fill={part.colour} />;
      })}
    </g>
  );
}
