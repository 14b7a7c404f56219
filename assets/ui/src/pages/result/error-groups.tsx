// What went wrong in a run that is over, each with the first time that it did.

import { Code, Stack, Table, Text } from "@mantine/core";
import { Fragment, useId, useState } from "react";

import type { OutcomeErrorExample, OutcomeErrorGroup } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

import { Opener } from "./opener";
import classes from "./requests.module.css";

/** What could not be filled in was never sent, and is no share of the requests that failed. */
const unsent = "template";
const nowrap = { whiteSpace: "nowrap" } as const;
const anywhere = { overflowWrap: "anywhere" } as const;

export function ErrorGroups({ groups, failures }: { groups: OutcomeErrorGroup[]; failures: number }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const id = useId();
  const [opened, setOpened] = useState<number[]>([]);
  const toggle = (place: number) => setOpened((now) => (now.includes(place) ? now.filter((other) => other !== place) : [...now, place]));
  return (
    <Table.ScrollContainer minWidth={520} className={classes.box}>
      <Table verticalSpacing="xs" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say("result.error")}</Table.Th>
            <Table.Th>{say("errors.first_in")}</Table.Th>
            <Table.Th ta="right">{say("result.count")}</Table.Th>
            <Table.Th ta="right">{say("errors.share")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map(({ kind, message, count, request, example }, place) => {
            const name = `${kind}: ${message}`;
            const open = example !== null && opened.includes(place);
            return (
              <Fragment key={name}>
                <Table.Tr>
                  <Table.Td ff="monospace" miw={200} style={anywhere}>
                    {example ? <Opener name={name} open={open} controls={`${id}-${place}`} toggle={() => toggle(place)} /> : name}
                  </Table.Td>
                  <Table.Td miw={100} style={anywhere}>{request || "–"}</Table.Td>
                  <Table.Td ta="right" style={nowrap}>{tell.count(count)}</Table.Td>
                  <Table.Td ta="right" style={nowrap}>{kind === unsent ? say("errors.not_sent") : failures > 0 ? tell.share(count / failures) : "–"}</Table.Td>
                </Table.Tr>
                {open && (
                  <Table.Tr id={`${id}-${place}`} className={classes.detail}>
                    <Table.Td colSpan={4}>
                      <div className={classes.inside}>
                        <Example of={example} />
                      </div>
                    </Table.Td>
                  </Table.Tr>
                )}
              </Fragment>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Example({ of: { url, status, body, at_s: at } }: { of: OutcomeErrorExample }) {
  const { say, language } = useWords();
  const answer = status === null ? say("detail.no_answer") : say("errors.status", { status });
  return (
    <Stack gap={6} align="stretch">
      <Text size="sm" fw={600}>{say("errors.example", { at: figures(language).seconds(at) })}</Text>
      {url && <Text size="sm" ff="monospace" style={anywhere}>{url}</Text>}
      <Text size="sm">{answer}</Text>
      {body && (
        <>
          <Text size="sm" c="dimmed">{say("errors.body")}</Text>
          <Code block tabIndex={0} mah={320} aria-label={say("errors.body")} role="group" style={{ overflow: "auto", whiteSpace: "pre-wrap", ...anywhere }}>
            {body}
          </Code>
        </>
      )}
    </Stack>
  );
}
