// Who may come in: users, their keys, and oneself.

import { Stack, Tabs, Title } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { useSession } from "~/app/session";
import { useWords } from "~/i18n";

import { Keys } from "./keys";
import { Myself } from "./myself";
import { People } from "./people";
import { tabs } from "./search";

export function Users() {
  const { say } = useWords();
  const { may } = useSession();
  const search = useSearch({ from: "/users" });
  const navigate = useNavigate({ from: "/users" });
  const seen = tabs.filter((tab) => tab !== "users" || may("maid.admin"));
  const tab = seen.find((one) => one === search.tab) ?? seen[0]!;
  return (
    <Stack>
      <Title order={1} size="h2">{say("nav.users")}</Title>
      <Tabs value={tab} onChange={(to) => void navigate({ search: { tab: tabs.find((one) => one === to) } })} keepMounted={false}>
        <Tabs.List mb="md">
          {seen.map((one) => <Tabs.Tab key={one} value={one}>{say(`users.tab_${one}`)}</Tabs.Tab>)}
        </Tabs.List>
        {may("maid.admin") && <Tabs.Panel value="users"><People /></Tabs.Panel>}
        <Tabs.Panel value="keys"><Keys /></Tabs.Panel>
        <Tabs.Panel value="me"><Myself /></Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
