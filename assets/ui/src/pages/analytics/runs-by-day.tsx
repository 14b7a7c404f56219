// How many runs there were each day, and how many of them passed.

import { Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import { all, PAGE, PAGES } from "~/api/pages";
import type { HistoryItem } from "~/api/schema";
import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { ButtonLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";

import { Bars } from "./bars";
import { dayOf, lastDays } from "./view";

const midnight = (day: string) => new Date(`${day}T00:00:00`).toISOString();

const since = (day: string) => all((page) => answer(api.GET("/api/maid/history", { params: { query: { ...page, since: midnight(day) } } })));

const kinds = { passed: "#009e73", missed: "#d55e00", other: "#8a8f98" } as const;
type Kind = keyof typeof kinds;

function kind({ passed, status }: HistoryItem): Kind {
  if (passed === false || status === "failed") return "missed";
  return passed && status === "completed" ? "passed" : "other";
}

export function RunsByDay({ days }: { days: number }) {
  const { say, language } = useWords();
  const { may } = useSession();
  const tell = figures(language);
  const shown = lastDays(days);
  const first = shown[0] ?? "";
  const { data, error, refetch } = useQuery({ queryKey: ["history", "by-day", first], queryFn: () => since(first) });
  const counts = { passed: shown.map(() => 0), missed: shown.map(() => 0), other: shown.map(() => 0) };
  const place = new Map(shown.map((day, index) => [day, index]));
  for (const run of data?.items ?? []) {
    const at = place.get(dayOf(new Date(run.started_at ?? run.created_at)));
    if (at !== undefined) counts[kind(run)][at]! += 1;
  }
  const sum = (of: Kind) => counts[of].reduce((one, other) => one + other, 0);
  const [passed, missed] = [sum("passed"), sum("missed")];
  const count = passed + missed + sum("other");
  return (
    <section aria-labelledby="runs-by-day">
      <Title order={2} size="h4" mb="xs" id="runs-by-day">{say("runs_by_day.title")}</Title>
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton h={220} />}
      {data && count === 0 && (
        <Stack align="flex-start" gap="xs">
          <Text>{say("runs_by_day.none")}</Text>
          {may("maid.write") && <ButtonLink to="/run" variant="default">{say("runs_by_day.start")}</ButtonLink>}
        </Stack>
      )}
      {count > 0 && (
        <Bars
          title={say("runs_by_day.sum", { count: tell.count(count), passed: tell.count(passed), missed: tell.count(missed) })}
          days={shown} day={say("analytics.day")}
          parts={(Object.keys(kinds) as Kind[]).map((of) => ({ name: say(`runs_by_day.${of}`), colour: kinds[of], counts: counts[of] }))}
        />
      )}
      {data?.cut && <Text size="sm" c="dimmed">{say("runs_by_day.cut", { count: tell.count(PAGE * PAGES) })}</Text>}
    </section>
  );
}
