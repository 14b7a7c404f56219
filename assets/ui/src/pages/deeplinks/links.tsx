// The links that there are, with their state.

import { Alert, Badge, Box, Button, Group, Select, Skeleton, Stack, Table, Text, UnstyledButton, useMatches } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";

import type { DeeplinkItem, DeeplinkState } from "~/api/schema";
import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";

import type { See } from "./deeplinks";
import { useRevoking } from "./revoke";
import { linksQuery, states, usesQuery } from "./view";

const colours: Record<DeeplinkState, string> = { open: "green", used: "yellow", expired: "gray", revoked: "red" };

export function State({ state }: { state: DeeplinkState }) {
  const { say } = useWords();
  return <Badge color={colours[state]} variant="light" tt="none" miw="max-content">{say(`links.state.${state}`)}</Badge>;
}

export function Links({ state, see }: { state?: DeeplinkState; see: See }) {
  const { say } = useWords();
  const { may } = useSession();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(linksQuery(state));
  const uses = useQuery(usesQuery);
  const links = data?.pages.flatMap((page) => page.items) ?? [];
  // Of which nothing is told yet, or no longer on the first page, nothing is said.
  const used = new Map(uses.data?.items.map((one) => [one.link, one.opens]));
  const opens = (id: string) => used.get(id) ?? (uses.data && !uses.data.next_cursor ? 0 : undefined);
  return (
    <Stack>
      <Select
        label={say("links.state")} placeholder={say("links.any")} clearable w={{ base: "100%", xs: 220 }} value={state ?? null} clearButtonProps={{ "aria-label": say("links.any") }}
        data={states.map((one) => ({ value: one, label: say(`links.state.${one}`) }))}
        onChange={(one) => see({ state: (one as DeeplinkState) ?? undefined })}
      />
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton h={240} />}
      {data && links.length === 0 && !state && (
        <Stack align="flex-start" gap="xs">
          <Text>{say(may("maid.write") ? "links.empty" : "links.empty_read")}</Text>
          {may("maid.write") && <Button variant="default" onClick={() => see({ make: true })}>{say("links.new")}</Button>}
        </Stack>
      )}
      {data && links.length === 0 && state && (
        <Alert color="gray">
          <Group justify="space-between">
            {say("links.none")}
            <Button size="xs" variant="default" onClick={() => see({ state: undefined })}>{say("links.show_all")}</Button>
          </Group>
        </Alert>
      )}
      {links.length > 0 && <Rows links={links} opens={opens} see={see} />}
      {hasNextPage && (
        <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage} style={{ alignSelf: "center" }}>{say("links.more")}</Button>
      )}
    </Stack>
  );
}

function Rows({ links, opens, see }: { links: DeeplinkItem[]; opens: (id: string) => number | undefined; see: See }) {
  const { say } = useWords();
  const wide = useMatches({ base: false, sm: true });
  return (
    <Table.ScrollContainer minWidth={0}>
      <Table highlightOnHover verticalSpacing="xs" style={{ whiteSpace: "nowrap" }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say("links.name")}</Table.Th>
            {wide && <Table.Th>{say("links.state")}</Table.Th>}
            <Table.Th visibleFrom="lg">{say("links.kind")}</Table.Th>
            <Table.Th visibleFrom="lg">{say("links.ends")}</Table.Th>
            <Table.Th visibleFrom="lg" ta="right">{say("links.uses")}</Table.Th>
            <Table.Th visibleFrom="lg" ta="right" title={say("links.opens_days")}>{say("links.opens")}</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {links.map((link) => <Row key={link.id} link={link} opens={opens(link.id)} see={see} wide={wide} />)}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ link, opens, see, wide }: { link: DeeplinkItem; opens?: number; see: See; wide: boolean }) {
  const { say, language } = useWords();
  const { me, may } = useSession();
  const tell = figures(language);
  const revoke = useRevoking(link);
  const mine = link.owner === me.id ? may("maid.write") : may("maid.admin");
  const kind = say(`links.kind.${link.kind}`);
  const ends = tell.date(link.revoked_at ?? link.expires_at);
  const uses = link.max_uses == null ? tell.count(link.uses) : say("links.uses_of", { uses: tell.count(link.uses), most: tell.count(link.max_uses) });
  return (
    <Table.Tr>
      {/* It takes the room that the others leave. */}
      <Table.Td w="100%" maw={0}>
        <UnstyledButton onClick={() => see({ link: link.id })} fz="sm" fw={600} c="var(--mantine-color-anchor)" maw="100%" mih={24} aria-label={say("links.show", { title: link.title })}>
          <Text span truncate display="block" fz="sm" fw={600}>{link.title}</Text>
        </UnstyledButton>
        <Text size="xs" c="dimmed" hiddenFrom="lg" style={{ whiteSpace: "normal" }}>{kind} · {say("links.ends")}: {ends} · {say("links.uses")}: {uses}</Text>
        {!wide && <Box><State state={link.state} /></Box>}
      </Table.Td>
      {wide && <Table.Td><State state={link.state} /></Table.Td>}
      <Table.Td visibleFrom="lg">{kind}</Table.Td>
      <Table.Td visibleFrom="lg">{ends}</Table.Td>
      <Table.Td visibleFrom="lg" ta="right">{uses}</Table.Td>
      <Table.Td visibleFrom="lg" ta="right">{opens === undefined ? "–" : tell.count(opens)}</Table.Td>
      <Table.Td ta="right">
        {mine && (link.state === "open" || link.state === "used") && (
          <Button size="xs" variant="subtle" color="red" onClick={revoke} aria-label={say("links.revoke_named", { title: link.title })}>{say("links.revoke")}</Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
