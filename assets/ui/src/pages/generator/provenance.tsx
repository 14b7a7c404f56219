// Where each field of a test comes from.

import { Badge, Button, Collapse, Table, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

import type { GenerateAnswer, GeneratorProvenance, GeneratorSource } from "~/api/schema";
import { useWords } from "~/i18n";
import { AnchorLink } from "~/parts/links";

import classes from "./generator.module.css";
import { placeOf, split, valueAt } from "./model";
import type { Pointing } from "./words";

/** How much of a value is shown. */
const SHOWN = 120;
const colours: Record<GeneratorSource, string> = { text: "indigo", recipe: "teal", model: "grape", default: "gray", previous: "gray" };

export function Provenance({ answer, ...pointing }: Pointing & { answer: GenerateAnswer }) {
  const { say } = useWords();
  const [open, { toggle }] = useDisclosure();
  const [said, others] = split(answer.provenance);
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        {say("generator.provenance")}
      </Title>
      {said.length === 0 ? <Text size="sm" c="dimmed">{say("generator.no_words")}</Text> : <Fields label={say("generator.provenance")} fields={said} answer={answer} {...pointing} />}
      {others.length > 0 && (
        <>
          <Button variant="subtle" size="compact-sm" mt="xs" onClick={toggle} aria-expanded={open}>
            {say("generator.others", { count: others.length })}
          </Button>
          <Collapse expanded={open}>
            <Fields label={say("generator.others", { count: others.length })} fields={others} answer={answer} {...pointing} />
          </Collapse>
        </>
      )}
    </section>
  );
}

interface Listed extends Pointing {
  label: string;
  fields: GeneratorProvenance[];
  answer: GenerateAnswer;
}

function Fields({ label, fields, answer, pointed, point }: Listed) {
  const { say } = useWords();
  return (
    <Table.ScrollContainer minWidth={480} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "region", "aria-label": label } }}>
      <Table verticalSpacing={4} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say("generator.field")}</Table.Th>
            <Table.Th>{say("generator.value")}</Table.Th>
            <Table.Th>{say("generator.source")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {fields.map((field) => (
            <Table.Tr
              key={field.path} className={classes.row} data-pointed={pointed === field.path}
              onMouseEnter={() => point(field.span ? field.path : null)} onMouseLeave={() => point(null)}
            >
              <Table.Td ff="monospace" style={{ overflowWrap: "anywhere" }}>{placeOf(field.path)}</Table.Td>
              <Table.Td ff="monospace" style={{ overflowWrap: "anywhere" }}>{shown(valueAt(answer.loadtest, field.path))}</Table.Td>
              <Table.Td>
                <Source field={field} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Source({ field }: { field: GeneratorProvenance }) {
  const { say } = useWords();
  return (
    <>
      <Badge variant="light" size="sm" color={colours[field.source]}>
        {say(`generator.source.${field.source}`)}
      </Badge>{" "}
      {field.span && <q>{field.span.text}</q>}
      {field.recipe && (
        <AnchorLink to="/recipes/$id" params={{ id: field.recipe }} size="sm">
          {field.recipe}
        </AnchorLink>
      )}
    </>
  );
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "–");
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
