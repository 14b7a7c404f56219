// What two runs are and what they are not, where that bears on how far they can be compared.

import { Alert, Text } from "@mantine/core";

import type { Comparison, ComparisonRunRef, Outcome } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

import { differInLength } from "./model";

/** Of runs that did not go to their end, or of which one shows much more than the other. */
export function Doubts({ a, b }: { a: Outcome; b: Outcome }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const cut = [["A", a], ["B", b]] as const;
  const doubts = cut.flatMap(([run, { status, duration_s }]) =>
    status === "completed" ? [] : [say(`compare.cut_${status}`, { run, after: tell.seconds(duration_s) })],
  );
  if (differInLength(a.duration_s, b.duration_s)) doubts.push(say("compare.lengths", { a: tell.seconds(a.duration_s), b: tell.seconds(b.duration_s) }));
  return doubts.length > 0 && <Alert color="yellow">{doubts.map((doubt) => <Text key={doubt} size="sm">{doubt}</Text>)}</Alert>;
}

const percentiles = ["p50", "p95", "p99"] as const;

/** What is taken for noise, as the server says it of these two. */
export function Noise({ comparison: { a, b } }: { comparison: Comparison }) {
  const { say, language } = useWords();
  const { rate } = figures(language);
  const wider = ({ widening }: ComparisonRunRef) => percentiles.map((name) => rate(widening[name])).join(" / ");
  return <Text size="xs" c="dimmed">{say("compare.noise_why", { a: wider(a), b: wider(b) })}</Text>;
}
