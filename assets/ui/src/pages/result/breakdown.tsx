// What a run was made of: its phases, scenarios, transactions, hosts and checks.

import { Skeleton, Stack, Text } from "@mantine/core";

import type { Outcome, OutcomeLatency } from "~/api/schema";
import { figures } from "~/app/figures";
import { type Key, useWords } from "~/i18n";

import { BreakdownTable, type Column } from "./breakdown-table";
import { failedFirst } from "./detail";

interface Props {
  outcome: Outcome | undefined;
  live: boolean;
  /** Whether there is an outcome to wait for. */
  measured: boolean;
}

export default function Breakdown({ outcome, live, measured }: Props) {
  const { say } = useWords();
  if (live) return <Text>{say("breakdown.live")}</Text>;
  if (!measured) return <Text>{say("breakdown.none")}</Text>;
  if (!outcome) return <Skeleton h={240} />;
  return <Tables outcome={outcome} />;
}

const phases: Record<string, Key> = {
  increase: "phase.increase", maintain: "phase.maintain", decrease: "phase.decrease", shutdown: "phase.shutdown", later: "phase.later",
};

function Tables({ outcome }: { outcome: Outcome }) {
  const { say, language } = useWords();
  const { count, compact, rate, ms, share, seconds } = figures(language);
  const failures = <Row extends { failures: number }>(): Column<Row> => ({
    name: "measure.failures", of: (row) => row.failures, tell: compact, bad: (row) => row.failures > 0,
  });
  /** Of what was never finished nothing was measured. */
  const times = <Row extends { latency_ms: OutcomeLatency }>(finished: (row: Row) => number): Column<Row>[] =>
    (["p50", "p95", "p99"] as const).map((measure) => ({
      name: `measure.${measure}`, of: (row) => (finished(row) > 0 ? row.latency_ms[measure] : null), tell: ms,
    }));
  return (
    <Stack gap="lg">
      <BreakdownTable
        title="breakdown.phases" rows={outcome.phases} minWidth={760}
        columns={[
          { name: "breakdown.phase", of: ({ name }) => (phases[name] ? say(phases[name]) : name) },
          { name: "breakdown.start", of: (phase) => phase.start_s, tell: seconds },
          { name: "measure.duration", of: (phase) => phase.duration_s, tell: seconds },
          { name: "breakdown.users", of: (phase) => phase.users, tell: count },
          { name: "measure.requests", of: (phase) => phase.requests, tell: compact },
          failures(),
          { name: "measure.rps", of: (phase) => phase.rps, tell: rate },
          ...times<Outcome["phases"][number]>((phase) => phase.requests),
        ]}
      />
      <BreakdownTable
        title="breakdown.scenarios" rows={outcome.by_scenario} minWidth={680}
        columns={[
          { name: "breakdown.scenario", of: (scenario) => scenario.name },
          { name: "measure.users", of: (scenario) => scenario.users, tell: count },
          { name: "breakdown.transactions", of: (scenario) => scenario.transactions, tell: compact },
          failures(),
          { name: "breakdown.passes", of: (scenario) => scenario.iterations, tell: compact },
          ...times<Outcome["by_scenario"][number]>((scenario) => scenario.iterations),
        ]}
      />
      <BreakdownTable
        title="breakdown.transactions" rows={outcome.by_transaction} minWidth={640}
        columns={[
          { name: "breakdown.transaction", of: (transaction) => transaction.name },
          { name: "breakdown.scenario", of: (transaction) => transaction.scenario },
          { name: "breakdown.passes", of: (transaction) => transaction.count, tell: compact },
          failures(),
          ...times<Outcome["by_transaction"][number]>((transaction) => transaction.count),
        ]}
      />
      <BreakdownTable
        title="breakdown.hosts" rows={outcome.by_host.length > 1 ? outcome.by_host : []} minWidth={640}
        columns={[
          { name: "breakdown.host", of: ({ host }) => host },
          { name: "measure.requests", of: (host) => host.requests, tell: compact },
          failures(),
          { name: "measure.error_rate", of: (host) => host.error_rate, tell: share },
          ...times<Outcome["by_host"][number]>((host) => host.requests),
        ]}
      />
      <BreakdownTable
        title="breakdown.checks" rows={failedFirst(outcome.checks)} minWidth={560}
        columns={[
          { name: "result.request", of: (check) => check.request },
          { name: "breakdown.check", of: (check) => check.name, bad: (check) => check.failed > 0 },
          { name: "breakdown.passed", of: (check) => check.passed, tell: compact },
          { name: "breakdown.failed", of: (check) => check.failed, tell: compact, bad: (check) => check.failed > 0 },
          { name: "breakdown.passed_share", of: ({ passed, failed }) => (passed + failed > 0 ? passed / (passed + failed) : null), tell: share },
        ]}
      />
    </Stack>
  );
}
