// One run: live while it goes on, and the same page when it is over.

import { Alert, Code, Group, SimpleGrid, Skeleton, Stack, Tabs, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useState } from "react";

import { answer, api } from "~/api/client";
import type { Outcome, RunDetail } from "~/api/schema";
import { useWords } from "~/i18n";
import { isId } from "~/parts/id";
import { loaded } from "~/parts/loaded";
import { usePrinting } from "~/parts/printing";
import { ProblemAlert } from "~/parts/problem";
import { isGone } from "~/parts/told-problem";

import { becauseOf } from "./because";
import { Ended } from "./ended";
import { Errors } from "./errors";
import { Findings } from "./findings";
import { Missing } from "./missing";
import { figuresOfRun, seriesOfOutcome } from "./model";
import { Phases } from "./phases";
import { PluginHeader } from "./plugin-header";
import { PluginLogs } from "./plugin-logs";
import { PluginStats } from "./plugin-stats";
import { Requests } from "./requests";
import { Thresholds, ThresholdsNow } from "./thresholds";
import { trendsOf } from "./trends";
import { useLive } from "./use-live";
import { isOver, useRun } from "./use-run";
import { type ResultSearch, tabs } from "./view";

// What draws is loaded while the figures are there already.
const Charts = lazy(loaded(() => import("./charts").then(({ Charts }) => ({ default: Charts }))));
const Others = lazy(loaded(() => import("./others")));
const Breakdown = lazy(loaded(() => import("./breakdown")));
const RequestDetail = lazy(loaded(() => import("./request-detail")));

export function Result() {
  const { id } = useParams({ from: "/results/$id" });
  // What is no id is nobody's.
  return isId(id) ? <Asked id={id} /> : <Missing />;
}

function Asked({ id }: { id: string }) {
  const { data: run, error, refetch } = useRun(id);
  if (isGone(error)) return <Missing />;
  if (error && !run) return <ProblemAlert error={error} again={() => void refetch()} />;
  if (!run) return <Skeleton h={480} />;
  // A run of another address begins anew.
  return <Run key={id} run={run} />;
}

function Run({ run }: { run: RunDetail }) {
  const { say } = useWords();
  const over = isOver(run);
  const live = useLive(run.run_id, !over);
  const search = useSearch({ from: "/results/$id" });
  const navigate = useNavigate({ from: "/results/$id" });
  const see = (change: ResultSearch) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true, resetScroll: false });
  const printing = usePrinting();
  const [marked, mark] = useState<[number, number] | null>(null);
  const { data: outcome, error, refetch } = useQuery({
    queryKey: ["outcome", run.run_id],
    enabled: over && Boolean(run.latency_ms),
    staleTime: Infinity,
    queryFn: async () => {
      const params = { path: { id: run.run_id, format: "json" } };
      return (await answer(api.GET("/api/maid/runs/{id}/report.{format}", { params }))) as unknown as Outcome;
    },
  });
  const because = becauseOf(run.ended_because ?? "");
  const figures = over ? figuresOfRun(run) : live.figures;
  const series = outcome ? seriesOfOutcome(outcome) : live.series;
  const trends = useMemo(() => outcome && trendsOf(outcome), [outcome]) ?? live.trends;
  const last = outcome?.phases.at(-1);
  const end = last ? last.start_s + last.duration_s : (figures?.elapsed ?? 0);
  const phases = outcome ? outcome.phases.map(({ name, start_s }) => ({ name, start: start_s })) : live.phases;
  const detail = outcome && ((name: string) => (
    <Suspense fallback={<Skeleton h={320} />}>
      <RequestDetail outcome={outcome} name={name} marked={marked} />
    </Suspense>
  ));
  return (
    <Stack gap="lg">
      <Ended run={run} />
      <PluginHeader run={run} figures={figures} />
      {run.status === "queued" && <Alert>{say("result.waits")}</Alert>}
      {run.ended_because && (
        <Alert color="yellow"><span lang={because ? undefined : "en"}>{because ? say(...because) : run.ended_because}</span></Alert>
      )}
      {figures && <PluginStats figures={figures} live={!over} />}
      {figures?.generator.limited && (
        <Alert color="yellow">{say("result.generator_told", { why: figures.generator.because.join(", ") })}</Alert>
      )}
      {over && (run.analysis || run.verdict) && (
        <SimpleGrid cols={{ base: 1, lg: 2 }} style={{ alignItems: "start" }}>
          <Findings analysis={run.analysis ?? null} end={figures?.elapsed ?? 0} marked={marked} mark={mark} />
          <Thresholds verdict={run.verdict ?? null} />
        </SimpleGrid>
      )}
      {!over && <ThresholdsNow thresholds={live.thresholds} />}
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      {over && run.latency_ms && !outcome && !error && phases.length === 0 ? <Skeleton h={21} /> : <Phases phases={phases} end={end} />}
      {figures && !error && (
        <Suspense fallback={<Skeleton h={{ base: 976, lg: 480 }} />}>
          <Charts series={series} times={over ? run.latency_ms : undefined} marked={marked} />
        </Suspense>
      )}
      <Tabs
        value={search.tab ?? "requests"} keepMounted={false} keepMountedMode="display-none"
        onChange={(told) => see({ tab: tabs.find((tab) => tab === told) })}
      >
        <Tabs.List className="no-print">
          <Tabs.Tab value="requests">{say("result.requests")}</Tabs.Tab>
          <Tabs.Tab value="errors">
            <Group gap={4}>
              {say("result.errors")}
              {figures && figures.errors.length > 0 && <Text span size="xs" c="red">{figures.errors.length}</Text>}
            </Group>
          </Tabs.Tab>
          <Tabs.Tab value="breakdown">{say("result.breakdown")}</Tabs.Tab>
          <Tabs.Tab value="logs">{say("result.logs")}</Tabs.Tab>
          <Tabs.Tab value="others">{say("result.others")}</Tabs.Tab>
          <Tabs.Tab value="test">{say("result.test")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="requests" pt="sm" className="on-paper" keepMounted={printing}>{figures && <Requests rows={figures.byRequest} trends={trends} end={end} detail={detail} search={search} see={see} />}</Tabs.Panel>
        <Tabs.Panel value="errors" pt="sm" className="on-paper" keepMounted={printing}>
          <Title order={2} size="h4" className="paper-only">{say("result.errors")}</Title>
          {figures && <Errors errors={figures.errors} groups={over ? (run.errors ?? null) : null} failures={figures.failures} />}
        </Tabs.Panel>
        <Tabs.Panel value="breakdown" pt="sm">
          <Suspense fallback={<Skeleton h={240} />}>
            {!error && <Breakdown outcome={outcome} live={!over} measured={Boolean(run.latency_ms)} />}
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="logs" pt="sm"><PluginLogs id={run.run_id} live={!over} search={search} see={see} /></Tabs.Panel>
        <Tabs.Panel value="others" pt="sm">
          <Suspense fallback={<Skeleton h={240} />}>
            <Others run={run} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="test" pt="sm"><Code block tabIndex={0}>{JSON.stringify(run.config, null, 2)}</Code></Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
