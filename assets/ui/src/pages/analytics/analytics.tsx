// What can be learned from all runs together, and how the models are and were used.

import { Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { useWords } from "~/i18n";

import { AiState } from "./ai-state";
import { AiUse } from "./ai-use";
import { RunsByDay } from "./runs-by-day";
import { Trend } from "./trend";
import { type AnalyticsSearch, spans } from "./view";

export function Analytics() {
  const { say } = useWords();
  const { q, days = 30, by = "day" } = useSearch({ from: "/analytics" });
  const navigate = useNavigate({ from: "/analytics" });
  const see = (change: AnalyticsSearch) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  return (
    <Stack gap="xl">
      <div>
        <Title order={1} size="h2">{say("analytics.title")}</Title>
        <Text size="sm" c="dimmed">{say("analytics.why")}</Text>
      </div>
      <Trend question={q} ask={(question) => void navigate({ search: (old) => ({ ...old, q: question }) })} />
      <Group gap="xs">
        <Text size="sm" fw={500} aria-hidden>{say("analytics.days")}</Text>
        <SegmentedControl
          w={{ base: "100%", xs: "auto" }} aria-label={say("analytics.days")} value={String(days)} onChange={(value) => see({ days: Number(value) })}
          data={spans.map((span) => ({ value: String(span), label: say("analytics.last_days", { days: span }) }))}
        />
      </Group>
      <RunsByDay days={days} />
      <AiUse days={days} by={by} see={see} />
      <AiState />
    </Stack>
  );
}
