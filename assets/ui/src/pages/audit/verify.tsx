// Whether the log is what was written: its chain, followed from the first entry to the last.

import { Alert, Button, Group, Paper, SimpleGrid, Text, Title } from "@mantine/core";
import { IconShieldCheck, IconShieldX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import type { Verdict } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";

export function VerifyLog() {
  const { say } = useWords();
  const look = useMutation({ mutationFn: () => answer(api.GET("/api/maid/audit/verify")) });
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="chain">
      <Group justify="space-between" gap="sm">
        <div style={{ minWidth: 0, flex: "1 1 280px" }}>
          <Title order={2} size="h4" id="chain">{say("chain.title")}</Title>
          <Text size="sm" c="dimmed">{say("chain.why")}</Text>
        </div>
        <Button variant="light" onClick={() => look.mutate()} loading={look.isPending} leftSection={<IconShieldCheck size={16} aria-hidden />}>
          {say("chain.verify")}
        </Button>
      </Group>
      {look.error && <ProblemAlert error={look.error} again={() => look.mutate()} />}
      <div role="status">{look.data && <Found verdict={look.data} />}</div>
    </Paper>
  );
}

function Found({ verdict }: { verdict: Verdict }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const { sound, fault, problem, witness } = verdict;
  const seen = witness.is === "seen" ? say("chain.witness_seen", { number: tell.count(witness.seq) }) : say(`chain.witness_${witness.is}`);
  const facts: [string, string][] = [
    [say("chain.entries"), tell.count(verdict.entries)],
    [say("chain.from"), verdict.since ? tell.date(verdict.since) : "–"],
    [say("chain.to"), verdict.until ? tell.date(verdict.until) : "–"],
    [say("chain.last"), tell.count(verdict.last)],
    [say("chain.base"), verdict.base === 0 ? say("chain.base_none") : tell.count(verdict.base)],
    [say("chain.witness"), seen],
  ];
  return (
    <Alert
      mt="md" color={sound ? "green" : "red"} title={say(sound ? "chain.sound" : "chain.broken")}
      icon={sound ? <IconShieldCheck aria-hidden /> : <IconShieldX aria-hidden />}
    >
      {fault && (
        <Text size="sm" fw={600}>
          {say(`fault.${fault.kind}`)} {say("chain.at", { number: tell.count(fault.seq) })}
        </Text>
      )}
      {problem && <Text size="sm" lang="en">{problem}</Text>}
      {!sound && <Text size="sm">{say("chain.broken_why")}</Text>}
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} mt="sm" spacing="xs">
        {facts.map(([name, value]) => (
          <div key={name}>
            <Text size="xs" c="dimmed">{name}</Text>
            <Text size="sm">{value}</Text>
          </div>
        ))}
      </SimpleGrid>
    </Alert>
  );
}
