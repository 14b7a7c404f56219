// How the server is set, how it is, and who changed that.

import { Group, Stack, Tabs, Text, Title } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";

import { Changes } from "./changes";
import { HealthChecks } from "./health-checks";
import { PluginConfig } from "./plugin-config";
import { PluginSwitch, StatusBadge, usePlugin } from "./plugin-switch";
import { tabs } from "./search";

export function Settings() {
  const { say } = useWords();
  const { tab = "configuration" } = useSearch({ from: "/settings" });
  const navigate = useNavigate({ from: "/settings" });
  const open = (to: string | null) => void navigate({ search: { tab: tabs.find((one) => one === to && one !== "configuration") } });
  return (
    <Stack>
      <PluginHeader />
      <Tabs value={tab} onChange={open} keepMounted={false}>
        <Tabs.List mb="md">
          {tabs.map((one) => <Tabs.Tab key={one} value={one}>{say(`settings.${one}`)}</Tabs.Tab>)}
        </Tabs.List>
        <Tabs.Panel value="configuration"><PluginConfig /></Tabs.Panel>
        <Tabs.Panel value="engine">
          <Stack gap="xl">
            <PluginSwitch />
            <HealthChecks />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="changes"><Changes /></Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function PluginHeader() {
  const { say } = useWords();
  const { data, error, refetch } = usePlugin();
  return (
    <>
      <Group gap="sm">
        <Title order={1} size="h2">{say("settings.title")}</Title>
        {data && <StatusBadge status={data.status} />}
        {data && <Text size="sm" c="dimmed">{data.title} {data.version}</Text>}
      </Group>
      {error && !data && <ProblemAlert error={error} again={() => void refetch()} />}
    </>
  );
}
