// One request of a dry run, and what came of it.

import { Accordion, Code, Group, List, Stack, Table, Text, Title } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { DryRunMessage, DryRunStep } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

import { shown } from "./body";

const anywhere = { overflowWrap: "anywhere" } as const;

export function Step({ step, value }: { step: DryRunStep; value: string }) {
  const { failure, sent, answer } = step;
  const { say } = useWords();
  return (
    <Accordion.Item value={value}>
      <Accordion.Control>
        <Line step={step} />
      </Accordion.Control>
      <Accordion.Panel>
        <Stack gap="sm">
          <Code style={anywhere}>{step.method} {step.url}</Code>
          {failure && <Text size="sm" c="var(--mantine-color-red-text)" lang="en" style={anywhere}>{failure.message}</Text>}
          <Checks step={step} />
          <Extracts step={step} />
          {answer && <Message title={say("dry.answer")} message={answer} />}
          {sent ? <Message title={say("dry.request")} message={sent} /> : <Text size="sm">{say("dry.unsent")}</Text>}
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

/** What came of it, in one line. */
function Line({ step: { failure, request, method, answer, sent } }: { step: DryRunStep }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const redirects = answer && answer.redirects > 0 && say(answer.redirects === 1 ? "dry.redirects_one" : "dry.redirects", { count: answer.redirects });
  const came = answer ? [answer.status, tell.ms(answer.response_ms), redirects].filter(Boolean).join(" · ") : sent && say("dry.no_answer");
  return (
    <Group gap="xs" wrap="nowrap" justify="space-between">
      <Group gap="xs" wrap="nowrap" miw={0}>
        <Sign right={!failure} />
        <Text size="sm" fw={500} lineClamp={2} style={anywhere}>{request.startsWith(`${method} `) ? request : `${method} · ${request}`}</Text>
      </Group>
      <Text size="sm" c="dimmed" ta="right" style={{ flexShrink: 0, maxWidth: "50%" }}>{came}</Text>
    </Group>
  );
}

function Sign({ right }: { right: boolean }) {
  const { say } = useWords();
  const Icon = right ? IconCheck : IconX;
  const label = say(right ? "dry.right" : "dry.wrong");
  return <Icon size={18} style={{ flexShrink: 0 }} color={`var(--mantine-color-${right ? "green" : "red"}-text)`} role="img" aria-label={label} />;
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Title order={4} size="h6" mb={4}>{title}</Title>
      {children}
    </div>
  );
}

function Checks({ step: { checks } }: { step: DryRunStep }) {
  const { say } = useWords();
  if (checks.length === 0) return null;
  return (
    <Part title={say("dry.checks")}>
      <List listStyleType="none" size="sm" spacing={2}>
        {checks.map(({ check, passed, found }, index) => (
          <List.Item key={index} icon={<Sign right={passed} />} style={anywhere}>
            {check}
            {found !== null && <Text span size="sm" c="dimmed"> {say("dry.found")} {found}</Text>}
          </List.Item>
        ))}
      </List>
    </Part>
  );
}

function Extracts({ step: { extracts } }: { step: DryRunStep }) {
  const { say } = useWords();
  if (extracts.length === 0) return null;
  return (
    <Part title={say("dry.extracts")}>
      <Table w="auto" withRowBorders={false} verticalSpacing={2}>
        <Table.Tbody>
          {extracts.map(({ name, from, value, is_default }, index) => (
            <Table.Tr key={index}>
              <Table.Th style={anywhere} scope="row">{name}</Table.Th>
              <Table.Td style={anywhere} c="dimmed">{from}</Table.Td>
              <Table.Td style={anywhere}>
                {value === null ? <Text size="sm" c="var(--mantine-color-red-text)">{say("dry.nothing_found")}</Text> : value}
                {is_default && <Text size="xs" c="dimmed">{say("dry.default")}</Text>}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Part>
  );
}

/** Headers and body. */
function Message({ title, message: { headers, body, body_bytes, body_cut } }: { title: string; message: DryRunMessage }) {
  const { say, language } = useWords();
  const count = figures(language).count(body_bytes);
  const fields = headers.map(({ name, value }) => `${name}: ${value}`).join("\n");
  return (
    <Part title={title}>
      <Stack gap={4}>
        <details>
          <Text component="summary" size="sm" style={{ cursor: "pointer" }}>{say("dry.headers")} ({headers.length})</Text>
          <Block label={`${title}: ${say("dry.headers")}`}>{fields || say("dry.no_headers")}</Block>
        </details>
        {body === null && <Text size="sm" c="dimmed">{say("dry.binary", { count })}</Text>}
        {body === "" && <Text size="sm" c="dimmed">{body_cut ? say("dry.not_shown", { count }) : say("dry.no_body")}</Text>}
        {body && <Block label={title}>{shown(body)}</Block>}
        {body && body_cut && <Text size="xs" c="dimmed">{say("dry.cut", { count })}</Text>}
      </Stack>
    </Part>
  );
}

/** Text of the wire, which may be long; scrolled by keys as well. */
function Block({ label, children }: { label: string; children: string }) {
  return (
    <Code block tabIndex={0} role="group" aria-label={label} style={{ maxHeight: "20rem", overflow: "auto", whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
      {children}
    </Code>
  );
}
