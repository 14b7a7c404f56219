// How the models are: what is there, what is missing, and what to do about it.

import { Alert, Badge, Card, Code, Group, List, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import type { AiPolicyStatus, AiStatus, ModelState, ModelStatus } from "~/api/schema";
import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";

const colours: Record<ModelState, string> = { ready: "green", idle: "green", loading: "blue", failed: "red", missing: "yellow", off: "gray" };
const models = ["chat", "embeddings", "speech", "images"] as const;

export function AiState() {
  const { say } = useWords();
  const { data, error, refetch } = useQuery({
    queryKey: ["ai-status"],
    queryFn: () => answer(api.GET("/api/maid/ai/status")),
    refetchInterval: 15_000,
  });
  return (
    <section aria-labelledby="ai-state">
      <Title order={2} size="h4" mb="xs" id="ai-state">{say("ai_state.title")}</Title>
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton h={160} />}
      {data && <Told status={data} />}
    </section>
  );
}

function Told({ status }: { status: AiStatus }) {
  const { say } = useWords();
  const { queue } = status;
  return (
    <Stack gap="sm">
      {!status.enabled ? (
        <Alert color="gray">{say("ai_state.off")}</Alert>
      ) : status.degraded ? (
        <Alert color="yellow">{say("ai_state.degraded")}</Alert>
      ) : (
        <Text size="sm">{say("ai_state.well")}</Text>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2, xl: 4 }}>
        {models.map((of) => <Model key={of} name={say(`ai_state.${of}`)} why={say(`ai_state.${of}_why`)} model={status[of]} />)}
      </SimpleGrid>
      <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {say("ai_state.queue", { answering: queue.answering, at_once: queue.at_once })} · {say("ai_state.folder")} <Code>{status.models_dir}</Code>
      </Text>
      {status.policy ? <Policy policy={status.policy} /> : <Text size="sm" c="dimmed">{say("ai_state.no_policy")}</Text>}
    </Stack>
  );
}

function Model({ name, why, model }: { name: string; why: string; model: ModelStatus }) {
  const { say } = useWords();
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600}>{name}</Text>
        <Badge color={colours[model.state]} variant="light" tt="none" style={{ flexShrink: 0 }}>{say(`ai_state.state.${model.state}`)}</Badge>
      </Group>
      <Text size="sm" c="dimmed">{why}</Text>
      {model.model && <Text size="sm" mt={4} ff="monospace" style={{ overflowWrap: "anywhere" }}>{model.model}</Text>}
      {model.why && <Text size="sm" mt={6} lang="en" style={{ overflowWrap: "anywhere" }}>{model.why}</Text>}
    </Card>
  );
}

function Policy({ policy }: { policy: AiPolicyStatus }) {
  const { say } = useWords();
  return (
    <Card withBorder padding="sm">
      <Text fw={600}>{say("ai_state.policy")}</Text>
      <Text size="sm" c="dimmed">{say("ai_state.privacy")}: <Code>{policy.privacy}</Code></Text>
      {policy.problem && <Alert color="red" mt="xs"><span lang="en">{policy.problem}</span></Alert>}
      {policy.budget_per_day != null && <Text size="sm">{say("ai_state.spent", { spent: policy.spent_today ?? "–", budget: policy.budget_per_day })}</Text>}
      <List size="sm" mt="xs">
        {policy.providers.map((provider) => (
          <List.Item key={provider.id} style={{ overflowWrap: "anywhere" }}>
            <b>{provider.id}</b> ({provider.model}): {say(provider.breaker === "closed" ? "ai_state.closed" : "ai_state.open")}
            {provider.why && <Text span size="sm" lang="en"> – {provider.why}</Text>}
          </List.Item>
        ))}
      </List>
    </Card>
  );
}
