// The lines of the run's log: live, filtered by level and text, held still by whoever reads.

import { Badge, Button, Group, Paper, ScrollArea, Select, Stack, Text, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { answer, api } from "~/api/client";
import type { LogLevel } from "~/api/schema";
import { figures } from "~/app/figures";
import { type Key, useWords } from "~/i18n";
import { useTopic } from "~/live/use";
import { ProblemAlert } from "~/parts/problem";
import { useTypedInAddress } from "~/parts/typed-in-address";

import { levels, type ResultSearch } from "./view";

/** Most lines that are kept of a run that goes on; the server has them all. */
const MOST = 1_000;
const PAGE = 200;
/** So near its end a log follows what comes, in pixels. */
const NEAR = 24;
const colours: Record<LogLevel, string> = { debug: "gray", info: "blue", warn: "yellow", error: "red" };

interface Line {
  seq: number;
  at: string;
  level: LogLevel;
  message: string;
}

interface Props {
  id: string;
  live: boolean;
  search: ResultSearch;
  see: (change: ResultSearch) => void;
}

export function PluginLogs({ id, live, search, see }: Props) {
  const { say } = useWords();
  const { level = "info" } = search;
  const [text, setText] = useTypedInAddress(search.line ?? "", (typed) => see({ line: typed || undefined }));
  const [held, hold] = useState<Line[] | null>(null);
  const told = useLines(id, level, live);
  const kept = useKept(id, level, !live);
  const all = live ? (held ?? told) : kept.lines;
  const least = levels.indexOf(level);
  const shown = all.filter((line) => levels.indexOf(line.level) >= least && line.message.toLowerCase().includes(text.toLowerCase()));
  const unmatched = !live && kept.more ? "result.no_match_yet" : "result.no_match";
  const none = all.length > 0 ? unmatched : live || kept.pending ? "result.no_logs" : level === "debug" ? "result.never_logged" : "result.no_level";
  return (
    <Stack>
      <Group align="flex-end" className="no-print">
        <Select
          label={say("result.level")} data={levels} value={level} allowDeselect={false} w={120}
          onChange={(value) => see({ level: levels.find((one) => one === value) })}
        />
        <TextInput label={say("result.filter")} type="search" value={text} onChange={(event) => setText(event.currentTarget.value)} />
        {live && (
          <Button variant="default" onClick={() => hold(held ? null : told)} aria-pressed={held !== null}>
            {say(held ? "result.go_on" : "result.pause")}
          </Button>
        )}
      </Group>
      {kept.error && <ProblemAlert error={kept.error} again={kept.again} />}
      <Lines lines={shown} follow={live && held === null} none={none} />
      {!live && kept.more && (
        <Button variant="default" onClick={kept.more} loading={kept.pending} style={{ alignSelf: "center" }}>
          {say("result.more_lines")}
        </Button>
      )}
    </Stack>
  );
}

/** What is told of a run that goes on. */
function useLines(id: string, level: LogLevel, wanted: boolean): Line[] {
  const [lines, set] = useState<Line[]>([]);
  useTopic(
    "maid:logs",
    ({ run_id, seq, at, data }) => {
      if (run_id !== id) return;
      // The last lines are told again to whoever comes back.
      set((known) => (known.some((line) => line.seq === seq) ? known : [...known, { seq, at, ...data }].slice(-MOST)));
    },
    wanted,
    level,
  );
  return lines;
}

/** What is kept of a run that is over. */
function useKept(id: string, level: LogLevel, wanted: boolean) {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetching } = useInfiniteQuery({
    queryKey: ["logs", id, level],
    enabled: wanted,
    queryFn: ({ pageParam }) =>
      answer(api.GET("/api/maid/runs/{id}/logs", { params: { path: { id }, query: { limit: PAGE, level, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  return {
    lines: data?.pages.flatMap((page) => page.items) ?? [],
    error,
    again: () => void refetch(),
    more: hasNextPage ? () => void fetchNextPage() : null,
    pending: isFetching,
  };
}

/** `none` is said where there is no line. */
function Lines({ lines, follow, none }: { lines: Line[]; follow: boolean; none: Key }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const place = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const view = place.current;
    if (view && follow && atEnd.current) view.scrollTop = view.scrollHeight;
  }, [lines, follow]);
  const scrolled = () => {
    const view = place.current;
    if (view) atEnd.current = view.scrollHeight - view.scrollTop - view.clientHeight < NEAR;
  };
  return (
    <Paper withBorder>
      <ScrollArea.Autosize
        mah={420} p="xs" viewportRef={place} onScrollPositionChange={scrolled}
        // Read when somebody wants to: lines come faster than anybody speaks.
        viewportProps={{ tabIndex: 0, role: "log", "aria-live": "off", "aria-label": say("result.logs") }}
      >
        {lines.length === 0 && <Text c="dimmed">{say(none)}</Text>}
        {lines.map((line) => (
          <Group key={line.seq} gap="xs" wrap="nowrap" align="flex-start" py={2}>
            <Text ff="monospace" fz="xs" c="dimmed" style={{ flexShrink: 0 }}>
              {tell.moment(line.at)}
            </Text>
            <Badge size="xs" color={colours[line.level]} variant="light" style={{ flexShrink: 0 }}>
              {line.level}
            </Badge>
            <Text ff="monospace" fz="xs" lang="en" style={{ overflowWrap: "anywhere" }}>
              {line.message}
            </Text>
          </Group>
        ))}
      </ScrollArea.Autosize>
    </Paper>
  );
}
