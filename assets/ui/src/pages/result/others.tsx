// How the same test went at other times.

import { Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import type { HistoryItem, RunDetail } from "~/api/schema";
import { useWords } from "~/i18n";
import { TrendChart } from "~/pages/recipe/trend-chart";
import { ButtonLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";

/** As many of the newest as one chart tells apart. */
const MOST = 50;

export default function Others({ run }: { run: RunDetail }) {
  const { say } = useWords();
  const { data, error, refetch } = useQuery({
    queryKey: ["history", "others", run.name],
    queryFn: () => answer(api.GET("/api/maid/history", { params: { query: { name: run.name, sort: "-created_at", limit: MOST } } })),
  });
  if (error) return <ProblemAlert error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton h={240} />;
  // The server finds names that have this one in them as well.
  const measured = data.items.filter((item: HistoryItem) => item.name === run.name && item.requests > 0).reverse();
  if (measured.length < 2) return <Text>{say("result.no_others")}</Text>;
  return (
    <Stack align="stretch">
      <TrendChart runs={measured} />
      <ButtonLink to="/results" search={{ name: run.name }} variant="default" className="no-print" style={{ alignSelf: "flex-start" }}>
        {say("result.to_results")}
      </ButtonLink>
    </Stack>
  );
}
