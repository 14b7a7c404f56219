// The name of a row that can be opened.

import { Group, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";

interface Props {
  name: string;
  open: boolean;
  /** The id of what is opened. */
  controls: string;
  toggle: () => void;
}

export function Opener({ name, open, controls, toggle }: Props) {
  const Icon = open ? IconChevronDown : IconChevronRight;
  return (
    <UnstyledButton fz="inherit" mih={24} onClick={toggle} aria-expanded={open} aria-controls={open ? controls : undefined}>
      <Group gap={6} wrap="nowrap" align="flex-start">
        <Icon size={16} style={{ flexShrink: 0, marginBlockStart: 2 }} className="no-print" aria-hidden />
        <span style={{ overflowWrap: "anywhere" }}>{name}</span>
      </Group>
    </UnstyledButton>
  );
}
