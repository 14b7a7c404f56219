// An entry of a list: in a large test a line that opens, so that the test can be looked over, and written without waiting.

import { Group, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";

import { list, type Place, record, told } from "~/editor/document";
import { lead, useEditing, useTroubled, useUnfinishedWithin } from "~/editor/editing";
import { Entry } from "~/editor/fields";
import { useWords } from "~/i18n";

import classes from "./run.module.css";

/** How many requests a test has. */
export const requestsOf = (value: Record<string, unknown>): number =>
  list(value["scenarios"]).flatMap((scenario) => list(record(scenario)["transactions"])).reduce<number>((sum, one) => sum + list(record(one)["requests"]).length, 0);

interface Props {
  all: Place;
  index: number;
  count: number;
  name: string;
  label: string;
  /** With more requests than that in a test it is a line. */
  most: number;
  /** What the line tells. */
  line: ReactNode;
  className?: string;
  /** Whether what can be done with it stands beside fields with labels over them. */
  below?: boolean;
  /** Its fields; `entry` is what can be done with it, where the line has not that already. */
  children: (entry: ReactNode) => ReactNode;
}

export function Fold({ all, index, count, name, label, most, line, className, below = false, children }: Props) {
  const place = [...all, index];
  const { writing, added } = useEditing();
  // As it was when it came: nothing opens or closes because something else is added.
  const [large] = useState(() => requestsOf(writing.value) > most);
  const [open, setOpen] = useState(() => !large || (added !== null && told(place).startsWith(added)));
  const unfinished = useUnfinishedWithin(place);
  // What is not finished stays in sight.
  const toggle = () => (open && unfinished ? lead(unfinished) : setOpen(!open));
  const entry = (below: boolean) => <Entry below={below} place={all} index={index} count={count} name={name} />;
  return (
    <Stack gap={6} component="section" aria-label={label} className={className}>
      {large && (
        <Group gap={4} wrap="nowrap">
          <Line open={open} toggle={toggle} place={place}>{line}</Line>
          {entry(false)}
        </Group>
      )}
      {open && children(large ? null : entry(below))}
    </Stack>
  );
}

function Line({ open, toggle, place, children }: { open: boolean; toggle: () => void; place: Place; children: ReactNode }) {
  const { say } = useWords();
  const wrong = useTroubled(place);
  const Icon = open ? IconChevronDown : IconChevronRight;
  return (
    <UnstyledButton onClick={toggle} aria-expanded={open} mih={36} flex={1} miw={0} className={classes.line}>
      <Icon size={14} aria-hidden />
      {children}
      {wrong && <IconAlertTriangle size={16} color="var(--mantine-color-error)" role="img" aria-label={say("run.wrong_within")} />}
    </UnstyledButton>
  );
}

/** A word of a line, which is cut where there is no room. */
export const Word = ({ quiet = false, mono = false, children }: { quiet?: boolean; mono?: boolean; children: ReactNode }) => (
  <Text span size="sm" truncate {...(quiet ? { c: "dimmed" } : {})} {...(mono ? { ff: "monospace" } : {})}>{children} </Text>
);
