// The head of a column that can be sorted by.

import { Group, type MantineBreakpoint, Table, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** A field, with `-` before it where the largest comes first. */
export type Sort = string;

/** Figures are looked at for the largest first, names for the first of the alphabet. */
export const firstSort = (by: string): Sort => (by === "name" ? by : `-${by}`);

interface Props {
  by: string;
  sort?: Sort;
  onSort: (sort: Sort) => void;
  right?: boolean;
  /** From which width on it is seen. */
  from?: MantineBreakpoint;
  children: ReactNode;
}

export function Heading({ by, sort, onSort, right, from, children }: Props) {
  const [up, down] = [sort === by, sort === `-${by}`];
  const Icon = up ? IconArrowUp : IconArrowDown;
  return (
    <Table.Th visibleFrom={from} aria-sort={up ? "ascending" : down ? "descending" : undefined}>
      <UnstyledButton fw={600} fz="sm" w="100%" onClick={() => onSort(up ? `-${by}` : down ? by : firstSort(by))}>
        <Group gap={4} wrap="nowrap" justify={right ? "flex-end" : "flex-start"}>
          {children}
          {(up || down) && <Icon size={14} aria-hidden />}
        </Group>
      </UnstyledButton>
    </Table.Th>
  );
}
