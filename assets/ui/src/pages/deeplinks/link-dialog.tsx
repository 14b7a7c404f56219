// One link: its address, where it leads, and how it was used.

import { Button, Code, Group, Modal, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { answer, api, Problem } from "~/api/client";
import type { Deeplink } from "~/api/schema";
import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";
import { By } from "~/parts/who";

import { Address, QrCode } from "./address";
import { useLast } from "./last";
import { State } from "./links";
import { useRevoking } from "./revoke";

export function LinkDialog({ id: wanted, close }: { id?: string; close: () => void }) {
  const { say } = useWords();
  const id = useLast(wanted);
  const { data, error, refetch } = useQuery({
    queryKey: ["deeplink", id],
    enabled: Boolean(id),
    queryFn: () => answer(api.GET("/api/maid/deeplinks/{id}", { params: { path: { id: id ?? "" } } })),
  });
  const gone = error instanceof Problem && error.status === 404;
  return (
    <Modal opened={Boolean(wanted)} onClose={close} size="xl" title={data?.title ?? say("links.title")} styles={{ title: { overflowWrap: "anywhere", fontWeight: 650 } }}>
      {gone && <Text>{say("link.missing")}</Text>}
      {error && !gone && <ProblemAlert error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton h={320} />}
      {data && <One link={data} />}
    </Modal>
  );
}

function One({ link }: { link: Deeplink }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const { me, may } = useSession();
  const revoke = useRevoking(link);
  const good = link.state === "open";
  const mine = link.owner === me.id ? may("maid.write") : may("maid.admin");
  const end = link.revoked_at ?? link.expires_at;
  return (
    <Stack>
      <Group gap="sm">
        <State state={link.state} />
        <Text size="sm">{say("link.created", { at: tell.when(link.created_at) })} <By id={link.owner} /></Text>
        <Text size="sm">{say(new Date(end) < new Date() ? "link.ended" : "link.ends", { at: tell.date(end) })}</Text>
        <Text size="sm">
          {say("links.uses")}: {link.max_uses == null ? tell.count(link.uses) : say("links.uses_of", { uses: tell.count(link.uses), most: tell.count(link.max_uses) })}
        </Text>
      </Group>
      {good && (
        <Group align="flex-start" gap="lg">
          <Stack flex="1 1 18rem" miw={0}><Address name={say("link.short")} text={link.short_url} open /></Stack>
          <QrCode id={link.id} title={link.title} />
        </Group>
      )}
      <Used id={link.id} />
      <section>
        <Title order={3} size="h5" mb="xs">{say("link.content")}</Title>
        <Code block tabIndex={0} role="region" aria-label={say("link.content")} style={{ maxHeight: 280, overflow: "auto" }}>{JSON.stringify(link.content, null, 2)}</Code>
      </section>
      {mine && (good || link.state === "used") && (
        <Group justify="flex-end">
          <Button variant="light" color="red" onClick={revoke}>{say("links.revoke")}</Button>
        </Group>
      )}
    </Stack>
  );
}

function Used({ id }: { id: string }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const { data, error } = useQuery({
    queryKey: ["deeplink-uses", id],
    queryFn: () => answer(api.GET("/api/maid/deeplinks/analytics", { params: { query: { by: "day", link: id, days: 30 } } })),
  });
  return (
    <section>
      <Title order={3} size="h5" mb="xs">{say("link.used")}</Title>
      {error && <ProblemAlert error={error} />}
      {!data && !error && <Skeleton h={80} />}
      {data?.items.length === 0 && <Text size="sm" c="dimmed">{say("link.unused")}</Text>}
      {data && data.items.length > 0 && (
        <Table.ScrollContainer minWidth={420} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "region", "aria-label": say("link.used") } }}>
          <Table verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{say("link.day")}</Table.Th>
                {(["links.opens", "link.visitors", "links.uses", "link.refused"] as const).map((name) => <Table.Th key={name} ta="right">{say(name)}</Table.Th>)}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.items.map((used) => (
                <Table.Tr key={used.day}>
                  <Table.Td>{used.day ? tell.day(used.day) : "–"}</Table.Td>
                  {[used.opens, used.visitors, used.runs, used.refused].map((count, place) => <Table.Td key={place} ta="right">{tell.count(count)}</Table.Td>)}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </section>
  );
}
