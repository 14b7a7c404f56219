// Links to load tests that are ready to run, and the presets that they may lead to.

import { Button, Group, Stack, Tabs, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { useSession } from "~/app/session";
import { useWords } from "~/i18n";

import { LinkDialog } from "./link-dialog";
import { Links } from "./links";
import { MakeLink } from "./make-link";
import { PresetDialog } from "./preset-dialog";
import { Presets } from "./presets";
import { type DeeplinksSearch, NEW } from "./view";

/** Changes what is seen of the page. */
export type See = (change: DeeplinksSearch) => void;

export function Deeplinks() {
  const { say } = useWords();
  const { may } = useSession();
  const search = useSearch({ from: "/deeplinks" });
  const navigate = useNavigate({ from: "/deeplinks" });
  const see: See = (change) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  const writes = may("maid.write");
  const making = writes && Boolean(search.make || search.recipe || search.preset);
  const presets = search.tab === "presets";
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1} size="h2">{say("links.title")}</Title>
          <Text size="sm" c="dimmed" maw="44rem">{say(presets ? "preset.why" : "links.why")}</Text>
        </div>
        {writes && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => see(presets ? { edit: NEW } : { make: true })}>
            {say(presets ? "preset.new" : "links.new")}
          </Button>
        )}
      </Group>
      <Tabs value={search.tab ?? "links"} onChange={(tab) => see({ tab: tab === "presets" ? "presets" : undefined })} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="links">{say("links.tab")}</Tabs.Tab>
          <Tabs.Tab value="presets">{say("links.presets")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="links" pt="md"><Links state={search.state} see={see} /></Tabs.Panel>
        <Tabs.Panel value="presets" pt="md"><Presets see={see} /></Tabs.Panel>
      </Tabs>
      <LinkDialog id={search.link} close={() => see({ link: undefined })} />
      <MakeLink opened={making} recipe={search.recipe} preset={search.preset} close={() => see({ make: undefined, recipe: undefined, preset: undefined })} />
      <PresetDialog name={writes ? search.edit : undefined} close={() => see({ edit: undefined })} />
    </Stack>
  );
}
