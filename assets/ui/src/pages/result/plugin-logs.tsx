// The lines of the run's log: live, filtered by level and text, held still by whoever reads.

import { Badge, Button, Group, Paper, ScrollArea, Select, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api } from "~/api/client";
import type { LogLevel } from "~/api/schema";
import { useWords } from "~/i18n";
import { useTopic } from "~/live/use";
import { ProblemAlert } from "~/parts/problem";

/** Most lines that are kept here; the server has them all. */
const MOST = 1_000;
const levels: LogLevel[] = ["debug", "info", "warn", "error"];
const colours: Record<LogLevel, string> = { debug: "gray", info: "blue", warn: "yellow", error: "red" };

interface Line {
  seq: number;
  at: string;
  level: LogLevel;
  message: string;
}

export function PluginLogs({ id, live }: { id: string; live: boolean }) {
  const { say } = useWords();
  const [level, setLevel] = useState<LogLevel>("info");
  const [text, setText] = useState("");
  const [held, hold] = useState<Line[] | null>(null);
  const [told, tell] = useState<Line[]>([]);
  const { data, error, refetch } = useQuery({
    queryKey: ["logs", id, live],
    enabled: !live,
    queryFn: () => answer(api.GET("/api/maid/runs/{id}/logs", { params: { path: { id }, query: { limit: 200 } } })),
  });
  useTopic(
    "maid:logs",
    ({ run_id, seq, at, data: { level, message } }) => {
      if (run_id !== id) return;
      tell((lines) => (lines.some((line) => line.seq === seq) ? lines : [...lines, { seq, at, level, message }].slice(-MOST)));
    },
    live,
  );
  const all = held ?? (live ? told : (data?.items ?? []));
  const least = levels.indexOf(level);
  const shown = all.filter((line) => levels.indexOf(line.level) >= least && line.message.toLowerCase().includes(text.toLowerCase()));
  return (
    <Stack>
      <Group align="flex-end">
        <Select
          label={say("result.level")} data={levels} value={level} allowDeselect={false} w={120}
          onChange={(value) => setLevel((value as LogLevel) ?? "info")}
        />
        <TextInput label={say("result.filter")} type="search" value={text} onChange={(event) => setText(event.currentTarget.value)} />
        {live && (
          <Button variant="default" onClick={() => hold(held ? null : told)} aria-pressed={held !== null}>
            {say(held ? "result.go_on" : "result.pause")}
          </Button>
        )}
      </Group>
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      <Paper withBorder>
        <ScrollArea.Autosize mah={420} p="xs" viewportProps={{ tabIndex: 0, role: "log", "aria-label": say("result.logs") }}>
          {shown.length === 0 && <Text c="dimmed">{say("result.no_logs")}</Text>}
          {shown.map((line) => (
            <Group key={line.seq} gap="xs" wrap="nowrap" align="flex-start" py={2}>
              <Text ff="monospace" fz="xs" c="dimmed">
                {line.at.slice(11, 23)}
              </Text>
              <Badge size="xs" color={colours[line.level]} variant="light" style={{ flexShrink: 0 }}>
                {line.level}
              </Badge>
              <Text ff="monospace" fz="xs" style={{ overflowWrap: "anywhere" }}>
                {line.message}
              </Text>
            </Group>
          ))}
        </ScrollArea.Autosize>
      </Paper>
    </Stack>
  );
}
