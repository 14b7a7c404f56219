// The head of a column that can be sorted by.

import { Group, Table, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** A field, with `-` before it where the largest comes first. */
export type Sort = string;

interface Props {
  by: string;
  sort?: Sort;
  onSort: (sort: Sort) => void;
  right?: boolean;
  children: ReactNode;
}

export function Heading({ by, sort, onSort, right, children }: Props) {
  const [up, down] = [sort === by, sort === `-${by}`];
  const Icon = up ? IconArrowUp : IconArrowDown;
  return (
    <Table.Th aria-sort={up ? "ascending" : down ? "descending" : undefined}>
      {/* Figures are looked at for the largest first, names for the first of the alphabet. */}
      <UnstyledButton fw={600} fz="sm" w="100%" onClick={() => onSort(down || (!up && by === "name") ? by : `-${by}`)}>
        <Group gap={4} wrap="nowrap" justify={right ? "flex-end" : "flex-start"}>
          {children}
          {(up || down) && <Icon size={14} aria-hidden />}
        </Group>
      </UnstyledButton>
    </Table.Th>
  );
}
