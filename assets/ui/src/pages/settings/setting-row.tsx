// A setting: its control, where its value comes from, and when a change takes effect.

import { Badge, Button, Code, Group, Paper, Text } from "@mantine/core";
import { IconArrowBackUp, IconLock } from "@tabler/icons-react";

import { useWords } from "~/i18n";

import { Control } from "./control";
import { Prose } from "./prose";
import type { Json, Setting } from "./schema";
import { type Configuring, isLocked, useRules } from "./use-config";
import { at, size } from "./values";
import { Value } from "./value";

export function SettingRow({ setting, config }: { setting: Setting; config: Configuring }) {
  const { say } = useWords();
  const rules = useRules();
  const { key } = setting;
  const origin = config.origins.get(key);
  const locked = isLocked(origin);
  const now = at(config.view?.config, key) ?? null;
  const edit = config.edits[key];
  const bad = config.problem(setting);
  const refused = config.refused[key];
  const error = bad ? say(bad.text, "values" in bad ? bad.values : {}) : refused ? <Prose text={refused} lang="en" /> : undefined;
  const writable = rules && setting.kind !== "secret";
  const value: Json = edit ? (edit.to === undefined ? setting.default : edit.to) : now;
  const name = (
    <Group component="span" gap="xs" display="inline-flex">
      <code style={{ fontWeight: 600, overflowWrap: "anywhere" }}>{key}</code>
      {edit && <Badge component="span" size="xs" variant="light">{say("config.changed")}</Badge>}
    </Group>
  );
  return (
    <Paper withBorder p="md" data-setting={key} style={edit ? { borderInlineStart: "3px solid var(--mantine-primary-color-filled)" } : undefined}>
      {writable ? (
        <Control
          setting={setting} label={name} value={value} error={error} disabled={locked}
          change={(to) => config.change(key, { to })}
        />
      ) : (
        <>
          <Text size="sm" fw={500} component="div" style={{ overflowWrap: "anywhere" }}>{name}</Text>
          <Text size="xs" c="dimmed" mb={6}><Prose text={setting.says} /></Text>
          <Value setting={setting} value={now} />
          {error && <Text size="xs" c="red">{error}</Text>}
        </>
      )}
      <Facts setting={setting} config={config} value={value} />
    </Paper>
  );
}

function Facts({ setting, config, value }: { setting: Setting; config: Configuring; value: Json }) {
  const { say, language } = useWords();
  const rules = useRules();
  const { key } = setting;
  const origin = config.origins.get(key);
  const stored = at(config.view?.runtime, key) !== undefined;
  const edit = config.edits[key];
  const large = size(setting, value, language);
  const waits = config.view?.restart_required.includes(key);
  return (
    <Group gap="xs" mt="xs" justify="space-between" align="flex-start">
      <Group gap="md" c="dimmed" fz="xs" style={{ rowGap: 4 }}>
        {large && <span>= {large}</span>}
        {setting.kind !== "secret" && <span>{say("config.default")} <Value setting={setting} value={setting.default} small /></span>}
        <span>{say(setting.restart ? "config.after_restart" : "config.at_once")}</span>
        {waits && <Badge size="xs" color="orange" variant="light">{say("config.waits")}</Badge>}
        {origin && <Comes from={origin.from} name={origin.name} />}
        {setting.kind === "secret" && rules && !isLocked(origin) && (
          <span>{say("config.secret_how")} <Code>config.json</Code> {say("config.or")} <Code>{variable(key)}</Code></span>
        )}
      </Group>
      {rules && config.isOpen(key) && <Back edit={Boolean(edit)} stored={stored} undo={() => config.change(key, null)} fall={() => config.change(key, {})} />}
    </Group>
  );
}

const variable = (key: string) => `MAID__${key.replaceAll(".", "__").toUpperCase()}`;

function Comes({ from, name }: { from: string; name: string }) {
  const { say } = useWords();
  const locked = from === "environment" || from === "flag";
  return (
    <Group component="span" gap={4} wrap="nowrap" miw={0}>
      {locked && <IconLock size={13} aria-hidden style={{ flexShrink: 0 }} />}
      <span style={{ overflowWrap: "anywhere" }}>
        {say(locked ? `config.from_${from}` : from === "file" ? "config.from_file" : "config.from_runtime")} <Code>{name}</Code>
        {locked && <> {say("config.locked")}</>}
      </span>
    </Group>
  );
}

interface BackProps {
  edit: boolean;
  stored: boolean;
  undo: () => void;
  fall: () => void;
}

/** Takes back what is not saved; else gives up what was set here before. */
function Back({ edit, stored, undo, fall }: BackProps) {
  const { say } = useWords();
  if (!edit && !stored) return null;
  return (
    <Button size="compact-sm" variant="subtle" leftSection={<IconArrowBackUp size={14} aria-hidden />} onClick={edit ? undo : fall}>
      {say(edit ? "config.undo" : "config.fall_back")}
    </Button>
  );
}
