// What a table is sorted by, where it is too narrow to have a head for each column.

import { Select, type SelectProps } from "@mantine/core";

import { useWords } from "~/i18n";

import { firstSort, type Sort } from "./heading";

interface Props extends Pick<SelectProps, "hiddenFrom" | "w"> {
  /** Each field with what it is called. */
  fields: [by: string, name: string][];
  sort: Sort;
  onSort: (sort: Sort) => void;
}

export function SortedBy({ fields, sort, onSort, ...rest }: Props) {
  const { say } = useWords();
  return (
    <Select
      {...rest} label={say("sort.by")} allowDeselect={false} value={sort.replace(/^-/, "")} className="no-print"
      data={fields.map(([value, label]) => ({ value, label }))} onChange={(by) => by && onSort(firstSort(by))}
    />
  );
}
