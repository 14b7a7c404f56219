// A prompt: filled in and used, read, changed, and what it said before.

import { Skeleton, Stack, Tabs, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";

import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { AnchorLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";
import { isGone } from "~/parts/told-problem";

import { Editor } from "./editor";
import { Head } from "./head";
import { TextTab } from "./text-tab";
import { UseTab } from "./use-tab";
import { VersionsTab } from "./versions-tab";
import { promptOf, type Read, type Tab } from "./view";

export function Prompt() {
  const { id } = useParams({ from: "/prompts/$id" });
  const { may } = useSession();
  const { say } = useWords();
  return (
    <Stack>
      <ToAll />
      {id !== "new" && <One key={id} id={id} />}
      {id === "new" && (may("maid.recipes") ? <Editor key="new" read={null} /> : <Title order={1} size="h2">{say("problem.forbidden")}</Title>)}
    </Stack>
  );
}

function ToAll() {
  const { say } = useWords();
  return <AnchorLink to="/prompts" size="sm" style={{ alignSelf: "flex-start" }}>{say("prompt.to_all")}</AnchorLink>;
}

function One({ id }: { id: string }) {
  const { say } = useWords();
  const { may } = useSession();
  const { edit } = useSearch({ from: "/prompts/$id" });
  const { data, error, refetch, isFetchedAfterMount } = useQuery(promptOf(id));
  if (!data && isGone(error)) {
    return (
      <>
        <Title order={1} size="h2">{say("app.not_found")}</Title>
        <Text>{say("prompt.missing")}</Text>
      </>
    );
  }
  if (!data) return error ? <ProblemAlert error={error} again={() => void refetch()} /> : <Skeleton h={400} />;
  // What is changed begins with what the server has, and not with what this page remembers.
  if (edit && !isFetchedAfterMount) return <Skeleton h={400} />;
  if (edit && data.prompt.may_change && may("maid.recipes")) return <Editor read={data} />;
  return <Seen read={data} />;
}

function Seen({ read }: { read: Read }) {
  const { say } = useWords();
  const search = useSearch({ from: "/prompts/$id" });
  const navigate = useNavigate({ from: "/prompts/$id" });
  const turn = (tab: string | null) => void navigate({ search: { tab: tab === "use" ? undefined : (tab as Tab) }, replace: true });
  return (
    <>
      <Head read={read} />
      <Tabs value={search.tab ?? "use"} onChange={turn} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="use">{say("prompt.tab.use")}</Tabs.Tab>
          <Tabs.Tab value="text">{say("prompt.tab.text")}</Tabs.Tab>
          <Tabs.Tab value="versions">{say("prompt.tab.versions")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="use" pt="md"><UseTab prompt={read.prompt} /></Tabs.Panel>
        <Tabs.Panel value="text" pt="md"><TextTab prompt={read.prompt} /></Tabs.Panel>
        <Tabs.Panel value="versions" pt="md"><VersionsTab read={read} /></Tabs.Panel>
      </Tabs>
    </>
  );
}
