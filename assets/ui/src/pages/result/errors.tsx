// What went wrong, the most frequent first.

import { Table, Text } from "@mantine/core";

import type { OutcomeErrorGroup } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

import { ErrorGroups } from "./error-groups";

interface Props {
  errors: { message: string; count: number }[];
  /** What is known of them besides, once the run is over. */
  groups: OutcomeErrorGroup[] | null;
  /** Failed requests, all in all. */
  failures: number;
}

export function Errors({ errors, groups, failures }: Props) {
  const { say, language } = useWords();
  const tell = figures(language);
  if (errors.length === 0) return <Text c="dimmed">{say("result.no_errors")}</Text>;
  if (groups) return <ErrorGroups groups={groups} failures={failures} />;
  return (
    <Table verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{say("result.error")}</Table.Th>
          <Table.Th ta="right">{say("result.count")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {errors.map(({ message, count }) => (
          <Table.Tr key={message}>
            <Table.Td ff="monospace" style={{ overflowWrap: "anywhere" }}>{message}</Table.Td>
            <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>{tell.count(count)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
