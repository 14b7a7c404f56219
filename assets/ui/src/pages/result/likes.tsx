// Tests like the one of this run, as the search finds them, each with a way to hold the two against each other.

import { Box, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";

import { answer, api, Problem } from "~/api/client";
import type { RunDetail } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { AnchorLink } from "~/parts/links";
import { Verdict } from "~/parts/verdict";

import { alikeBy, type Like, testsOf } from "./like-this";
import { runOf } from "./use-run";

/** Runs that are looked through, and tests of them that are shown. */
const [LOOKED_AT, SHOWN] = [100, 8];
const SOON_MS = 2_000;

export function Likes({ run }: { run: RunDetail }) {
  const { say } = useWords();
  const title = useId();
  const { data, error } = useQuery({
    queryKey: ["search", "similar", run.run_id],
    queryFn: async ({ signal }) => {
      const { items } = await answer(api.GET("/api/maid/search/similar", { params: { query: { run: run.run_id, limit: LOOKED_AT } }, signal }));
      return testsOf(items, run.name).slice(0, SHOWN);
    },
    // A run that has only just ended is searched a moment later; for anything else an aside does not knock twice.
    retry: (count, error) => error instanceof Problem && error.status === 404 && count < 2,
    retryDelay: SOON_MS,
  });
  return (
    <section aria-labelledby={title} className="no-print">
      <Title order={2} size="h4" mb="xs" id={title}>{say("like.title")}</Title>
      {error && <Text size="sm" c="dimmed">{say("like.not_now")}</Text>}
      {!data && !error && <Skeleton h={80} />}
      {data?.length === 0 && <Text size="sm" c="dimmed">{say("like.none")}</Text>}
      {data && data.length > 0 && (
        <Stack component="ul" gap="md" m={0} p={0} style={{ listStyle: "none" }}>
          {data.map((like) => <One key={like.hit.id} like={like} run={run} />)}
        </Stack>
      )}
    </section>
  );
}

function One({ like: { hit, others }, run }: { like: Like; run: RunDetail }) {
  const { say, language } = useWords();
  const name = hit.title.text;
  const by = alikeBy(hit);
  // The later one is compared with the earlier one: ids begin with the time.
  const [a = "", b = ""] = [hit.id, run.run_id].toSorted();
  const tell = figures(language);
  // What the search says of it is what it looks through, and no sentence: figures are the run's own.
  const { data: of } = useQuery(runOf(hit.id));
  const about = [hit.at && tell.when(hit.at), by && say(by)].filter(Boolean).join(" · ");
  const figured = of?.latency_ms && [
    say("results.requests", { count: tell.compact(of.requests ?? 0) }),
    ...(["p50", "p95", "p99"] as const).map((measure) => `${say(`measure.${measure}`)} ${tell.ms(of.latency_ms?.[measure])}`),
    `${say("measure.error_rate")} ${tell.share(of.error_rate ?? 0)}`,
  ].join(" · ");
  return (
    <Box component="li" miw={0}>
      <Group gap="sm" align="baseline" style={{ rowGap: 4 }}>
        <AnchorLink to="/results/$id" params={{ id: hit.id }} size="sm" fw={500} style={{ overflowWrap: "anywhere" }}>{name}</AnchorLink>
        {of && <Verdict {...of} thresholds={of.verdict?.thresholds} />}
        <Text size="sm" c="dimmed">{about}</Text>
        {run.latency_ms && (
          <AnchorLink to="/compare" search={{ a, b }} size="sm" aria-label={say("like.compare", { name })}>{say("results.compare")}</AnchorLink>
        )}
        {others && (
          <AnchorLink to="/results" search={{ name }} size="sm" aria-label={say("like.others_of", { name })}>{say("like.others")}</AnchorLink>
        )}
      </Group>
      {figured && <Text size="xs" c="dimmed">{figured}</Text>}
    </Box>
  );
}
