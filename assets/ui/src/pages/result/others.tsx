// How the same test went at other times, and which tests are like it.

import { Skeleton, Stack, Text } from "@mantine/core";

import type { RunDetail } from "~/api/schema";
import { useWords } from "~/i18n";
import { TrendChart } from "~/pages/recipe/trend-chart";
import { ButtonLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";

import { Likes } from "./likes";
import { useOthers } from "./others-of";
import { isOver } from "./use-run";

export default function Others({ run }: { run: RunDetail }) {
  return (
    <Stack gap="xl">
      <SameTest run={run} />
      {/* Runs are searched once they are over. */}
      {isOver(run) && <Likes run={run} />}
    </Stack>
  );
}

function SameTest({ run }: { run: RunDetail }) {
  const { say } = useWords();
  const { data, error, refetch } = useOthers(run);
  if (error) return <ProblemAlert error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton h={240} />;
  if (data.length < 2) return <Text>{say("result.no_others")}</Text>;
  return (
    <Stack align="stretch">
      <TrendChart runs={data.toReversed()} />
      <ButtonLink to="/results" search={{ name: run.name }} variant="default" className="no-print" style={{ alignSelf: "flex-start" }}>
        {say("result.to_results")}
      </ButtonLink>
    </Stack>
  );
}
