// Which two runs are compared: chosen among the last ones, or come by a link.

import { Badge, Group, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import type { Outcome } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { AnchorLink } from "~/parts/links";
import { Verdict } from "~/parts/verdict";

/** Runs that are offered. */
const OFFERED = 50;

/** Those that can be compared. */
export function useRuns() {
  return useQuery({
    queryKey: ["history", "to-compare"],
    queryFn: async () => {
      const query = { limit: OFFERED, status: "completed,stopped,failed" };
      const { items } = await answer(api.GET("/api/maid/history", { params: { query } }));
      return items.filter(({ requests }) => requests > 0);
    },
  });
}

interface Props {
  letter: "A" | "B";
  /** Empty where none is chosen. */
  id: string;
  run: Outcome | undefined;
  runs: ReturnType<typeof useRuns>["data"];
  choose: (id: string) => void;
}

export function Pick({ letter, id, run, runs = [], choose }: Props) {
  const { say, language } = useWords();
  const tell = figures(language);
  const offered = runs.map((one) => ({ value: one.run_id, label: `${one.name}, ${tell.when(one.started_at ?? one.created_at)}` }));
  // One that a link leads to may be older than all that are offered.
  const missing = id && !offered.some(({ value }) => value === id);
  if (missing) offered.unshift({ value: id, label: run ? `${run.name}, ${tell.when(run.started_at)}` : id });
  return (
    <Stack gap={4} miw={0}>
      <Group gap="xs" wrap="nowrap">
        <Badge color={letter === "A" ? "blue" : "orange"} variant="filled" autoContrast style={{ flexShrink: 0 }}>
          {letter}
        </Badge>
        <Select
          className="no-print"
          flex={1} miw={0} searchable allowDeselect={false} aria-label={say("compare.run", { letter })} placeholder={say("compare.choose")}
          data={offered} value={id || null} nothingFoundMessage={say("compare.no_runs")} onChange={(value) => value && choose(value)}
        />
      </Group>
      {run && (
        <Group gap="4px 8px" align="baseline">
          <AnchorLink to="/results/$id" params={{ id }} size="sm" style={{ overflowWrap: "anywhere" }}>
            {run.name}
          </AnchorLink>
          <Text size="sm" c="dimmed" style={{ flexShrink: 0 }}>
            {tell.when(run.started_at)} · {tell.seconds(run.duration_s)}
          </Text>
          <Verdict {...run} passed={run.verdict.passed} thresholds={run.verdict.thresholds} />
        </Group>
      )}
    </Stack>
  );
}
