// The parts of a response time: as one bar, and in figures.

import { Group, Table, Text } from "@mantine/core";

import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

import { type Part, partsOf } from "./detail";
import classes from "./requests.module.css";
import { Small } from "./small";

const [WIDE, HIGH, GAP] = [1000, 16, 2];

export function Parts({ timings }: { timings: Parameters<typeof partsOf>[0] }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const parts = partsOf(timings);
  if (parts.length === 0) return <Small title={say("detail.parts")}><Text size="sm" c="dimmed">{say("detail.no_parts")}</Text></Small>;
  const told = parts.map(({ name, share }) => `${say(`part.${name}`)} ${tell.share(share)}`).join(", ");
  return (
    <Small title={say("detail.parts")}>
      <Bar parts={parts} label={say("detail.parts_told", { parts: told })} />
      <Table.ScrollContainer minWidth={600}>
        <Table verticalSpacing={4} fz="xs" className={classes.figures} aria-label={say("detail.parts")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say("detail.part")}</Table.Th>
              {(["result.count", "detail.share", "measure.avg", "measure.p50", "measure.p95", "measure.p99", "measure.max"] as const).map((key) => (
                <Table.Th key={key} ta="right">{say(key)}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {parts.map((part) => (
              <Table.Tr key={part.name}>
                <Table.Td>
                  <Group gap={6} wrap="nowrap">
                    <svg width={10} height={10} style={{ flexShrink: 0 }} aria-hidden><rect width={10} height={10} rx={2} fill={part.colour} /></svg>
                    {say(`part.${part.name}`)}
                  </Group>
                </Table.Td>
                <Table.Td ta="right">{tell.compact(part.count)}</Table.Td>
                <Table.Td ta="right">{tell.share(part.share)}</Table.Td>
                {[part.avg, part.p50, part.p95, part.p99, part.max].map((value, place) => <Table.Td key={place} ta="right">{tell.ms(value)}</Table.Td>)}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Small>
  );
}

function Bar({ parts, label }: { parts: Part[]; label: string }) {
  let from = 0;
  return (
    <svg viewBox={`0 0 ${WIDE} ${HIGH}`} width="100%" height={HIGH} preserveAspectRatio="none" role="img" aria-label={label} style={{ display: "block" }}>
      {parts.filter(({ share }) => share > 0).map(({ name, share, colour }) => {
        const [at, wide] = [from, share * WIDE];
        from += wide;
        return <rect key={name} x={at} width={Math.max(wide - GAP, 1)} height={HIGH} fill={colour} />;
      })}
    </svg>
  );
}
