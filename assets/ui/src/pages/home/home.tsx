// What runs now, what ran last, and where to begin.

import { Box, Button, Card, Group, Progress, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { answer, api } from "~/api/client";
import type { HistoryItem } from "~/api/schema";
import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { isActive } from "~/live/phase";
import { useWords } from "~/i18n";
import { useLatest, useTopic } from "~/live/use";
import { type Start, StartProblem } from "~/pages/run/start";
import { AsOf } from "~/parts/as-of";
import { AnchorLink, ButtonLink, CardLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";
import { Verdict } from "~/parts/verdict";

import { Health } from "./health";
import classes from "./home.module.css";

const LAST = 8;

export function Home() {
  const { say } = useWords();
  const { may } = useSession();
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Title order={1} size="h2">
          {say("home.title")}
        </Title>
        <Health />
      </Group>
      <Now />
      {may("maid.write") && <Beginnings />}
      <Last />
    </Stack>
  );
}

function Now() {
  const { say, language } = useWords();
  const tell = figures(language);
  const status = useLatest("maid:status");
  if (!status?.run_id || !isActive(status.phase)) {
    return <Text c="dimmed">{say("home.nothing")}</Text>;
  }
  const percent = Math.round((status.progress ?? 0) * 100);
  const told: [string, string][] = [
    [say("measure.users"), tell.count(status.users)],
    [say("measure.rps"), tell.rate(status.rps)],
    [say("measure.requests"), tell.compact(status.requests)],
    [say("measure.failures"), tell.compact(status.failures)],
  ];
  return (
    <Card withBorder component="section" aria-label={say("home.now")}>
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <Group gap="0 8px" miw={0}>
          <Text fw={600} truncate miw={0} title={status.name ?? undefined}>{status.name}</Text>
          <AsOf />
        </Group>
        <ButtonLink to="/results/$id" params={{ id: status.run_id }} size="xs" style={{ flexShrink: 0 }}>
          {say("home.watch")}
        </ButtonLink>
      </Group>
      <Group gap="xl">
        {told.map(([name, value]) => (
          <div key={name}>
            <Text size="xs" c="dimmed">
              {name}
            </Text>
            <Text size="xl" fw={600}>
              {value}
            </Text>
          </div>
        ))}
      </Group>
      <Progress mt="sm" value={percent} aria-label={say("home.progress", { percent })} />
      {status.queued > 0 && (
        <Text size="sm" c="dimmed" mt="xs">
          {say("home.queue", { count: status.queued })}
        </Text>
      )}
    </Card>
  );
}

function Beginnings() {
  const { say } = useWords();
  const navigate = useNavigate();
  // A recipe stands where others have a test of their own.
  const attempt: Start = useMutation({
    mutationFn: async ({ queue = false }) => {
      const params = { path: { id: "quickstart" } };
      const started = await answer(api.POST("/api/maid/recipes/{id}/run", { params, body: { queue } }));
      await navigate({ to: "/results/$id", params: { id: started.run_id } });
    },
  });
  return (
    <section aria-labelledby="start">
      <Title order={2} size="h4" mb="sm" id="start">
        {say("home.start")}
      </Title>
      {attempt.error && <Box mb="sm"><StartProblem start={attempt} /></Box>}
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
        <Beginning title={say("home.try")} why={say("home.try_why")}>
          <Button onClick={() => attempt.mutate({ loadtest: "" })} loading={attempt.isPending}>
            {say("action.try")}
          </Button>
        </Beginning>
        <Beginning title={say("home.mine")} why={say("home.mine_why")}>
          <ButtonLink to="/run" search={{ ask: 1 }} variant="default">
            {say("home.mine")}
          </ButtonLink>
        </Beginning>
        <Beginning title={say("home.words")} why={say("home.words_why")}>
          <ButtonLink to="/recipe-generator" variant="default">
            {say("home.words")}
          </ButtonLink>
        </Beginning>
        <Beginning title={say("home.library")} why={say("home.library_why")}>
          <ButtonLink to="/recipes" variant="default">
            {say("home.library")}
          </ButtonLink>
        </Beginning>
      </SimpleGrid>
    </section>
  );
}

function Beginning({ title, why, children }: { title: string; why: string; children: React.ReactNode }) {
  return (
    <Card withBorder>
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed" mt={4} mb="md" style={{ flexGrow: 1 }}>
        {why}
      </Text>
      {children}
    </Card>
  );
}

function Last() {
  const { say } = useWords();
  const { may } = useSession();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ["history", "last"],
    queryFn: () => answer(api.GET("/api/maid/history", { params: { query: { limit: LAST } } })),
  });
  useTopic("maid:test-completed", () => void queries.invalidateQueries({ queryKey: ["history"] }));
  return (
    <section aria-labelledby="last">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4" id="last">
          {say("home.last")}
        </Title>
        <AnchorLink to="/results" size="sm">
          {say("home.all")}
        </AnchorLink>
      </Group>
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton h={200} />}
      {data?.items.length === 0 && <Text c="dimmed">{say(may("maid.write") ? "home.none" : "home.none_yet")}</Text>}
      <div className={classes.runs}>{data?.items.map((run) => <Row key={run.run_id} run={run} />)}</div>
    </section>
  );
}

function Row({ run }: { run: HistoryItem }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const began = tell.when(run.started_at ?? run.created_at);
  const rate = run.rps == null ? "–" : `${tell.rate(run.rps)}/s`;
  const p95 = `${say("measure.p95")} ${tell.ms(run.p95_ms)}`;
  return (
    <CardLink withBorder p="xs" to="/results/$id" params={{ id: run.run_id }} className={classes.run}>
      <Box miw={0}>
        <Text truncate fw={500} title={run.name}>
          {run.name}
        </Text>
        <Text size="xs" c="dimmed" hiddenFrom="md" style={{ whiteSpace: "normal" }}>{[began, rate, p95].join(" · ")}</Text>
      </Box>
      <Text size="sm" visibleFrom="md" ta="right">
        {rate}
      </Text>
      <Text size="sm" visibleFrom="md" ta="right">
        {p95}
      </Text>
      <Verdict {...run} stacked />
      <Text size="sm" c="dimmed" ta="right" visibleFrom="md">
        {began}
      </Text>
    </CardLink>
  );
}
