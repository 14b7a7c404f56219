// Somebody who did something, by name where the server tells it to whoever looks.

import { Badge, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import { all } from "~/api/pages";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";

const KEPT = { staleTime: 60_000, retry: false };

/** The names of users and keys by their ids; only admins are told those of others. */
export function useNames() {
  const { me, may } = useSession();
  const admin = may("maid.admin");
  const users = useQuery({
    queryKey: ["users", "names"],
    queryFn: () => all((query) => answer(api.GET("/api/maid/users", { params: { query } }))),
    enabled: admin, ...KEPT,
  });
  const keys = useQuery({
    queryKey: ["keys", "names"],
    queryFn: () => all((query) => answer(api.GET("/api/maid/keys", { params: { query } }))),
    enabled: admin, ...KEPT,
  });
  const names = new Map<string, string>([[me.id, me.name]]);
  users.data?.items.forEach(({ id, username }) => names.set(id, username));
  keys.data?.items.forEach(({ id, name }) => names.set(id, name));
  return { names, users: users.data?.items ?? [], settled: !admin || (!users.isPending && !keys.isPending) };
}

/** One that is not among the first names, asked for by itself. */
function useOther(id: string, kind: string, wanted: boolean) {
  const { may } = useSession();
  const byId = { params: { path: { id } } };
  return useQuery({
    queryKey: [kind, id, "name"],
    queryFn: async () =>
      kind === "api_key" ? (await answer(api.GET("/api/maid/keys/{id}", byId))).name : (await answer(api.GET("/api/maid/users/{id}", byId))).username,
    enabled: wanted && may("maid.admin") && (kind === "user" || kind === "api_key"),
    ...KEPT,
  }).data;
}

export function Who({ id, kind }: { id: string; kind: string }) {
  const { say } = useWords();
  const { names, settled } = useNames();
  const known = names.get(id);
  const other = useOther(id, kind, settled && known === undefined);
  const name = known ?? other;
  return (
    <Group gap="0 6px" component="span" miw={0} title={id}>
      <Text span size="sm" truncate maw={220} c={name ? undefined : "dimmed"}>
        {name ?? (id.length > 20 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id)}
      </Text>
      {kind !== "user" && <Badge component="span" size="xs" variant="outline" color="gray" tt="none" miw="max-content">{kind === "api_key" ? say("users.a_key") : kind}</Badge>}
    </Group>
  );
}
