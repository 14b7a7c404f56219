// What is not saved yet, and the summary that is looked at before it is.

import { Alert, Badge, Box, Button, Group, Modal, Paper, Stack, Table, Text } from "@mantine/core";

import { Problem } from "~/api/client";
import { useWords } from "~/i18n";
import { NotKept } from "~/parts/not-kept";
import { ProblemAlert } from "~/parts/problem";
import { useSaveKey } from "~/parts/save-key";

import { Prose } from "./prose";
import type { Configuring } from "./use-config";
import { Value } from "./value";
import { at } from "./values";

export function SaveBar({ config }: { config: Configuring }) {
  const { say } = useWords();
  const close = () => config.review(false);
  const keys = Object.keys(config.edits);
  const bad = keys.filter((key) => config.problem(config.known.get(key)!));
  useSaveKey(keys.length > 0 && bad.length === 0 ? () => config.review(true) : null);
  if (keys.length === 0) return null;
  return (
    <>
      <Paper withBorder shadow="md" p="sm" style={{ position: "sticky", bottom: 8, zIndex: 10 }} role="region" aria-label={say("config.unsaved")}>
        {config.unkept && <Box mb="xs"><NotKept /></Box>}
        <Group justify="space-between">
          <Text size="sm" role="status" style={{ overflowWrap: "anywhere" }} miw={0}>
            {say(bad.length > 0 ? "config.correct" : "config.changes", { count: keys.length, keys: bad.join(", ") })}
          </Text>
          <Group gap="xs">
            <Button px="sm" variant="default" onClick={config.discard}>{say("config.discard")}</Button>
            <Button px="sm" onClick={() => config.review(true)} disabled={bad.length > 0}>{say("config.review")}</Button>
          </Group>
        </Group>
      </Paper>
      <Modal opened={config.reviews} onClose={close} size="xl" title={say("config.summary")}>
        <Summary config={config} close={close} />
      </Modal>
    </>
  );
}

function Summary({ config, close }: { config: Configuring; close: () => void }) {
  const { say } = useWords();
  const { save } = config;
  // Only the present version can be saved over.
  const stuck = save.error instanceof Problem && save.error.status === 412;
  return (
    <Stack>
      <Table.ScrollContainer minWidth={640} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say("config.key")}</Table.Th>
              <Table.Th>{say("config.before")}</Table.Th>
              <Table.Th>{say("config.after")}</Table.Th>
              <Table.Th>{say("config.effect")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{Object.keys(config.edits).map((key) => <Line key={key} name={key} config={config} />)}</Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Failed config={config} />
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>{say("action.cancel")}</Button>
        <Button loading={save.isPending} disabled={stuck} onClick={() => save.mutate()}>{say("action.save")}</Button>
      </Group>
    </Stack>
  );
}

function Line({ name, config }: { name: string; config: Configuring }) {
  const { say } = useWords();
  const setting = config.known.get(name)!;
  const edit = config.edits[name];
  const refused = config.refused[name];
  return (
    <Table.Tr>
      <Table.Td>
        <code>{name}</code>
        {refused && <Text size="xs" c="red"><Prose text={refused} lang="en" /></Text>}
      </Table.Td>
      <Table.Td><Value setting={setting} value={at(config.view?.config, name)} /></Table.Td>
      <Table.Td>
        {edit?.to === undefined ? <Text size="sm">{say("config.falls_back")}</Text> : <Value setting={setting} value={edit.to} />}
      </Table.Td>
      <Table.Td>
        <Effect restart={setting.restart} />
      </Table.Td>
    </Table.Tr>
  );
}

/** When a change takes effect. */
export function Effect({ restart }: { restart: boolean }) {
  const { say } = useWords();
  return (
    <Badge variant="light" color={restart ? "orange" : "green"} tt="none" style={{ flexShrink: 0 }} miw="max-content">
      {say(restart ? "config.later" : "config.now")}
    </Badge>
  );
}

function Failed({ config }: { config: Configuring }) {
  const { say } = useWords();
  const { error } = config.save;
  if (!error) return null;
  if (!(error instanceof Problem)) return <ProblemAlert error={error} />;
  const beside = error.errors.length > 0 && error.errors.every(({ path }) => config.edits[path]);
  if (beside) return <Alert color="red" role="alert">{say("config.refused")}</Alert>;
  if (error.status !== 412) return <ProblemAlert error={error} />;
  return (
    <Alert color="orange" title={say("config.clash")} role="alert">
      <Text size="sm" mb="sm">{say("config.clash_why")}</Text>
      <Button size="xs" variant="light" onClick={() => void config.reload()}>{say("config.clash_load")}</Button>
    </Alert>
  );
}
