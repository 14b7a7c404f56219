// Whether MAID can take work: each check of `/readyz` and what it found.

import { Badge, Group, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import { BASE, Problem } from "~/api/client";
import type { Readiness } from "~/api/schema";
import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";

/** A server that is not ready answers 503 with the same checks, so that is no problem here. */
async function look(): Promise<Readiness> {
  const response = await fetch(`${BASE}/readyz`, { cache: "no-store" }).catch(() => null);
  if (!response) throw new Problem(0);
  const body = (await response.json().catch(() => ({}))) as Partial<Readiness>;
  if (!body.checks) throw new Problem(response.status, { detail: response.statusText });
  return body as Readiness;
}

export function HealthChecks() {
  const { say } = useWords();
  const { data, error, refetch } = useQuery({ queryKey: ["health", "checks"], queryFn: look, refetchInterval: 10_000, retry: false });
  const ready = data?.status === "ready";
  return (
    <Stack component="section" aria-labelledby="health" gap="sm">
      <Group gap="sm">
        <Title order={2} size="h4" id="health">{say("home.health")}</Title>
        {data && !error && <Badge color={ready ? "green" : "red"} variant="light">{say(ready ? "engine.healthy" : "engine.unhealthy")}</Badge>}
      </Group>
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton h={219} maw={640} />}
      {data && !error && (
        <Table maw={640}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say("engine.check")}</Table.Th>
              <Table.Th>{say("engine.found")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.checks.map((check) => (
              <Table.Tr key={check.name}>
                <Table.Td>
                  <Group gap={6} wrap="nowrap">
                    <Sign ok={check.ok} />
                    <code>{check.name}</code>
                  </Group>
                </Table.Td>
                <Table.Td><Text size="sm" lang="en" style={{ overflowWrap: "anywhere" }}>{check.detail}</Text></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}

function Sign({ ok }: { ok: boolean }) {
  const { say } = useWords();
  const Icon = ok ? IconCircleCheck : IconCircleX;
  return <Icon size={18} color={`var(--mantine-color-${ok ? "green" : "red"}-6)`} style={{ flexShrink: 0 }} role="img" aria-label={say(ok ? "engine.ok" : "engine.not_ok")} />;
}
