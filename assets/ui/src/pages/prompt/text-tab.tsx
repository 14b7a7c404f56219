// What a prompt says, with its places, and its variables.

import { Code, Stack, Table, Title } from "@mantine/core";

import type { PromptView } from "~/api/schema";
import { useWords } from "~/i18n";
import { CopyText } from "~/parts/copy-text";

import classes from "./prompt.module.css";

export function TextTab({ prompt }: { prompt: Pick<PromptView, "text" | "variables"> }) {
  const { say } = useWords();
  const told = (value: unknown) => (value == null ? "–" : typeof value === "boolean" ? say(value ? "prompt.yes" : "prompt.no") : String(value));
  return (
    <Stack align="stretch">
      <Code block className={classes.text} tabIndex={0} role="region" aria-label={say("prompt.tab.text")}>{prompt.text}</Code>
      <CopyText text={prompt.text} style={{ alignSelf: "flex-start" }} />
      {prompt.variables.length > 0 && (
        <section>
          <Title order={2} size="h4" mb="xs">{say("prompt.variables")}</Title>
          <Table.ScrollContainer minWidth={560} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{say("prompt.variable")}</Table.Th>
                  <Table.Th>{say("prompt.kind")}</Table.Th>
                  <Table.Th>{say("prompt.means")}</Table.Th>
                  <Table.Th>{say("prompt.default")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {prompt.variables.map((variable) => (
                  <Table.Tr key={variable.name}>
                    <Table.Td><Code>{variable.name}</Code></Table.Td>
                    <Table.Td>{variable.choices?.join(", ") || say(`prompt.type.${variable.type}`)}</Table.Td>
                    <Table.Td style={{ overflowWrap: "anywhere" }}>{variable.help}</Table.Td>
                    <Table.Td style={{ overflowWrap: "anywhere" }}>{variable.required ? say("prompt.f.required") : told(variable.default)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </section>
      )}
    </Stack>
  );
}
