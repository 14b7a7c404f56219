// An entry of the log, and what else is known of it.

import { ActionIcon, Badge, Box, Button, Code, Group, Stack, Table, Text } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";

import type { AuditEntry } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { Who } from "~/parts/who";

import { About } from "./about";
import type { AuditSearch } from "./search";

const colours: Record<AuditEntry["outcome"], string> = { done: "green", denied: "orange", failed: "red" };

interface Props {
  entry: AuditEntry;
  open: boolean;
  toggle: () => void;
  see: (change: AuditSearch) => void;
}

export function Entry({ entry, open, toggle, see }: Props) {
  const { say, language } = useWords();
  const tell = figures(language);
  const Icon = open ? IconChevronDown : IconChevronRight;
  const outcome = <Badge color={colours[entry.outcome]} variant="light" miw="max-content">{say(`outcome.${entry.outcome}`)}</Badge>;
  const details = `entry-${entry.seq}`;
  return (
    <>
      <Table.Tr>
        <Table.Td>
          <ActionIcon variant="subtle" color="gray" onClick={toggle} aria-expanded={open} aria-controls={open ? details : undefined} aria-label={say("audit.details_of", { number: entry.seq })}>
            <Icon size={16} aria-hidden />
          </ActionIcon>
        </Table.Td>
        <Table.Td visibleFrom="md">{entry.seq}</Table.Td>
        <Table.Td visibleFrom="sm">{tell.when(entry.at)}</Table.Td>
        <Table.Td maw={220} visibleFrom="sm"><Who id={entry.actor} kind={entry.actor_kind} /></Table.Td>
        <Table.Td>
          {/* On a phone all of it stands below each other, and nothing has to be moved sideways. */}
          <Group gap="0 8px" justify="space-between" hiddenFrom="sm">
            <Text span size="sm" c="dimmed">{tell.when(entry.at)}</Text>
            <Who id={entry.actor} kind={entry.actor_kind} />
          </Group>
          {say(`did.${entry.action}`)}
          <Box hiddenFrom="md" maw={220}>{outcome}{entry.target && <About entry={entry} />}</Box>
        </Table.Td>
        <Table.Td visibleFrom="md">{outcome}</Table.Td>
        <Table.Td maw={220} visibleFrom="md"><About entry={entry} /></Table.Td>
        <Table.Td visibleFrom="md">{entry.address ?? "–"}</Table.Td>
      </Table.Tr>
      {open && (
        <Table.Tr id={details}>
          <Table.Td colSpan={8}><Details entry={entry} see={see} /></Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

function Details({ entry, see }: Pick<Props, "entry" | "see">) {
  const { say } = useWords();
  const { target, actor, address } = entry;
  return (
    <Stack gap="xs" pb="sm">
      <Group gap="lg">
        <Fact name={say("audit.number")} value={String(entry.seq)} />
        <Fact name={say("audit.exactly")} value={entry.at} />
        <Fact name={say("audit.name")} value={entry.action} />
        <Fact name={say("audit.actor")} value={`${actor} (${entry.actor_kind})`} />
        {target && <Fact name={say("audit.target")} value={target} />}
        {address && <Fact name={say("audit.address")} value={address} />}
      </Group>
      {entry.detail && <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{JSON.stringify(entry.detail, null, 2)}</Code>}
      <Group gap="xs">
        <More say={say("audit.same_actor")} see={() => see({ actor })} />
        {target && <More say={say("audit.same_target")} see={() => see({ target })} />}
        <More say={say("audit.same_action")} see={() => see({ action: entry.action })} />
      </Group>
    </Stack>
  );
}

function More({ say, see }: { say: string; see: () => void }) {
  return <Button size="compact-sm" variant="light" onClick={see}>{say}</Button>;
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
      <Text span size="sm" c="dimmed">{name}: </Text>
      <Code>{value}</Code>
    </Text>
  );
}
