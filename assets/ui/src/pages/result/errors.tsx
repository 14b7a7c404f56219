// What went wrong, the most frequent first.

import { Table, Text } from "@mantine/core";

import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

export function Errors({ errors }: { errors: { message: string; count: number }[] }) {
  const { say, language } = useWords();
  const tell = figures(language);
  if (errors.length === 0) return <Text c="dimmed">{say("result.no_errors")}</Text>;
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
            <Table.Td ta="right">{tell.count(count)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
