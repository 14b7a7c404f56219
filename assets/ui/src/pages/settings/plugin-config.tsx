// The configuration as a form that is made from its schema.

import { Alert, Badge, Box, Group, NavLink, Select, Skeleton, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";
import { useTypedInAddress } from "~/parts/typed-in-address";

import { Applied } from "./applied";
import { Prose } from "./prose";
import { SaveBar } from "./save";
import type { Section, Setting } from "./schema";
import { SettingRow } from "./setting-row";
import { type Configuring, useConfig, useRules } from "./use-config";

export function PluginConfig() {
  const { say } = useWords();
  const rules = useRules();
  const search = useSearch({ from: "/settings" });
  const navigate = useNavigate({ from: "/settings" });
  const config = useConfig();
  const see = (change: Partial<typeof search>) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  const [q, type] = useTypedInAddress(search.q ?? "", (text) => see({ q: text || undefined }));
  if (config.error) return <ProblemAlert error={config.error} again={() => void config.reload()} />;
  if (!config.view || config.sections.length === 0) return <Skeleton h={480} />;

  const seeks = Boolean(search.q || search.set);
  const open = config.sections.find((section) => section.name === search.section) ?? config.sections[0];
  const shown = seeks ? found(config, search.q ?? "", search.set === true) : open ? [open] : [];
  return (
    <Stack>
      <Group align="flex-end">
        <TextInput
          label={say("config.search")} type="search" data-search leftSection={<IconSearch size={16} aria-hidden />} value={q} w={{ base: "100%", xs: 320 }}
          onChange={(event) => type(event.currentTarget.value)}
        />
        <Switch mb={8} label={say("config.only_set")} checked={search.set === true} onChange={(event) => see({ set: event.currentTarget.checked || undefined })} />
      </Group>
      {!rules && <Alert color="gray">{say("config.read_only")}</Alert>}
      <Applied config={config} />
      <Waiting config={config} />
      <Group align="flex-start" wrap="nowrap" gap="lg">
        {!seeks && <Sections config={config} open={open?.name ?? ""} go={(section) => see({ section })} />}
        <Stack flex={1} miw={0} maw={860} gap="lg">
          {!seeks && (
            <Select
              hiddenFrom="sm" label={say("config.section")} data={config.sections.map(({ name }) => name)} value={open?.name ?? null}
              allowDeselect={false} onChange={(section) => see({ section: section ?? undefined })}
            />
          )}
          {shown.length === 0 && <Alert>{say("config.no_hits")}</Alert>}
          {shown.map((section) => <Shown key={section.name} section={section} config={config} />)}
          {rules && <SaveBar config={config} />}
        </Stack>
      </Group>
    </Stack>
  );
}

function Shown({ section, config }: { section: Section; config: Configuring }) {
  const id = `section-${section.name}`;
  return (
    <section aria-labelledby={id}>
      <Title order={2} size="h4" id={id}>{section.name}</Title>
      <Text size="sm" c="dimmed" mb="sm"><Prose text={section.says} /></Text>
      <Stack gap="sm">
        {section.settings.map((setting) => <SettingRow key={setting.key} setting={setting} config={config} />)}
      </Stack>
    </section>
  );
}

function Sections({ config, open, go }: { config: Configuring; open: string; go: (section: string) => void }) {
  const { say } = useWords();
  const count = (section: Section) => section.settings.filter(({ key }) => config.edits[key]).length;
  const isWrong = (section: Section) => section.settings.some((one) => config.refused[one.key] || config.problem(one));
  return (
    <Box component="nav" aria-label={say("config.section")} w={170} visibleFrom="sm" style={{ flexShrink: 0, position: "sticky", top: 72 }}>
      {config.sections.map((section) => {
        const [changes, bad] = [count(section), isWrong(section)];
        const mark = (changes > 0 || bad) && (
          <Badge size="sm" color={bad ? "red" : undefined} variant="light" aria-label={say(bad ? "config.has_errors" : "config.changes", { count: changes })}>
            {bad ? "!" : changes}
          </Badge>
        );
        return (
          <NavLink
            key={section.name} component="button" type="button" label={section.name} active={section.name === open}
            aria-current={section.name === open ? "true" : undefined} onClick={() => go(section.name)} rightSection={mark}
          />
        );
      })}
    </Box>
  );
}

/** The settings that a search finds, in their sections. */
function found(config: Configuring, q: string, onlySet: boolean): Section[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const isSet = ({ key }: Setting) => config.origins.has(key) || config.edits[key] !== undefined;
  const hits = ({ key, says }: Setting) => words.every((word) => key.includes(word.replace(/^maid__/, "").replaceAll("__", ".")) || says.toLowerCase().includes(word));
  return config.sections
    .map((section) => ({ ...section, settings: section.settings.filter((one) => hits(one) && (!onlySet || isSet(one))) }))
    .filter((section) => section.settings.length > 0);
}

function Waiting({ config }: { config: Configuring }) {
  const { say } = useWords();
  const keys = config.view?.restart_required ?? [];
  if (keys.length === 0) return null;
  return (
    <Alert color="orange" title={say("config.restart_title")}>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>{say("config.restart_why", { keys: keys.join(", ") })}</Text>
    </Alert>
  );
}
