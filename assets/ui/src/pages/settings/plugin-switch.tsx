// Whether MAID accepts runs, and the switch for it.

import { Badge, Button, Card, Group, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconRefresh, type TablerIcon } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import type { Plugin, PluginStatus } from "~/api/schema";
import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";
import { useSure } from "~/parts/sure";

import { useRules } from "./use-config";

type Act = "start" | "drain" | "restart";

const colours: Record<PluginStatus, string> = { ready: "green", running: "teal", draining: "orange", drained: "red" };
const icons: Record<Act, TablerIcon> = { start: IconPlayerPlay, drain: IconPlayerPause, restart: IconRefresh };

export function usePlugin() {
  return useQuery({ queryKey: ["plugin"], queryFn: () => answer(api.GET("/api/plugins/maid")), refetchInterval: 5_000 });
}

export function StatusBadge({ status }: { status: PluginStatus }) {
  const { say } = useWords();
  return (
    <Badge color={colours[status]} variant="light" style={{ flexShrink: 0 }}>
      {say(`status.${status}`)}
    </Badge>
  );
}

export function PluginSwitch() {
  const { say } = useWords();
  const ask = useSure();
  const rules = useRules();
  const queries = useQueryClient();
  const { data } = usePlugin();
  const act = useMutation({
    mutationFn: (what: Act) => answer(api.POST(`/api/plugins/maid/${what}`)),
    onSuccess: (now: Plugin) => queries.setQueryData(["plugin"], now),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["health"] }),
  });
  // As high as what comes, so that nothing jumps.
  if (!data) return <Skeleton h={rules ? { base: 640, xs: 540, sm: 430, lg: 260 } : 76} />;
  const closed = data.status === "draining" || data.status === "drained";
  const sure = (what: "drain" | "restart") => ask({ title: say(`engine.${what}_sure`), why: say(`engine.${what}_why`), confirm: say(`engine.${what}`), go: () => act.mutate(what) });
  const one = (what: Act, begin: () => void, idle: boolean) => (
    <Switching what={what} begin={begin} idle={idle} busy={act.isPending && act.variables === what} locked={act.isPending} />
  );
  return (
    <Stack component="section" aria-labelledby="switch" gap="sm">
      <div>
        <Title order={2} size="h4" id="switch">{say("engine.title")}</Title>
        <Text size="sm" role="status">{say(`engine.is_${data.status}`)}</Text>
      </div>
      {act.error && <ProblemAlert error={act.error} />}
      {rules ? (
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          {one("drain", () => sure("drain"), closed)}
          {one("start", () => act.mutate("start"), !closed)}
          {one("restart", () => sure("restart"), false)}
        </SimpleGrid>
      ) : (
        <Text size="sm" c="dimmed">{say("engine.read_only")}</Text>
      )}
    </Stack>
  );
}

interface Switching {
  what: Act;
  begin: () => void;
  /** Whether it would change nothing. */
  idle: boolean;
  busy: boolean;
  locked: boolean;
}

function Switching({ what, begin, idle, busy, locked }: Switching) {
  const { say } = useWords();
  const Icon = icons[what];
  return (
    <Card withBorder>
      <Text fw={600}>{say(`engine.${what}`)}</Text>
      <Text size="sm" c="dimmed" mt={4} mb="md" style={{ flexGrow: 1 }}>{say(`engine.${what}_why`)}</Text>
      <Group>
        <Button
          variant={what === "start" ? "filled" : "light"} color={what === "restart" ? "red" : undefined} loading={busy}
          disabled={idle || (locked && !busy)} onClick={begin} leftSection={<Icon size={16} aria-hidden />}
        >
          {say(`engine.${what}`)}
        </Button>
        {idle && <Text size="xs" c="dimmed">{say(`engine.${what}_idle` as "engine.start_idle")}</Text>}
      </Group>
    </Card>
  );
}
