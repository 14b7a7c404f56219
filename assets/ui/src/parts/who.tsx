// Somebody by name, as far as the server tells it to whoever looks.

import { Badge, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import { together } from "~/api/together";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";

import { isId } from "./id";

/** Names that the server tells at once. */
const MOST = 100;

const nameOf = together(MOST, async (ids) => {
  const { items } = await answer(api.GET("/api/maid/users/names", { params: { query: { ids: ids.join(",") } } }));
  return new Map(items.map(({ id, username }) => [id, username]));
});

const keyName = async (id: string) => (await answer(api.GET("/api/maid/keys/{id}", { params: { path: { id } } }))).name;

/** What somebody is called: null where nobody says, undefined until it is known. */
export function useName(id: string, kind: string): string | null | undefined {
  const { me, may } = useSession();
  const mine = id === me.id;
  // The names of keys are for admins.
  // Others are names themselves.
  const asked = !mine && isId(id) && (kind === "user" || (kind === "api_key" && may("maid.admin")));
  const { data, isError } = useQuery({
    queryKey: ["name", kind, id],
    queryFn: () => (kind === "user" ? nameOf(id) : keyName(id)),
    enabled: asked,
    staleTime: 60_000,
    retry: false,
  });
  if (mine) return me.name;
  return asked && !isError ? data : null;
}

/** An id that is nobody's name, as far as it is of use to people. */
export const short = (id: string) => (id.length > 20 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id);

export function Who({ id, kind }: { id: string; kind: string }) {
  const { say } = useWords();
  const name = useName(id, kind);
  return (
    <Group gap="0 6px" component="span" miw={0} title={id}>
      <Text span size="sm" truncate maw={220} c={name ? undefined : "dimmed"}>{name ?? short(id)}</Text>
      {kind !== "user" && <Badge component="span" size="xs" variant="outline" color="gray" tt="none" miw="max-content">{kind === "api_key" ? say("users.a_key") : kind}</Badge>}
    </Group>
  );
}

/** Whose something is, in words. */
export function By({ id }: { id: string }) {
  const { say } = useWords();
  const { me } = useSession();
  const name = useName(id, "user");
  return <span title={id} style={{ overflowWrap: "anywhere" }}>{id === me.id ? say("users.by_you") : say("users.by", { name: name ?? (name === null ? short(id) : "…") })}</span>;
}
