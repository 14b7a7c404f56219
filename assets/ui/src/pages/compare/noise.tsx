// What is taken for noise in a comparison.

import { Text } from "@mantine/core";

import type { Comparison, ComparisonRunRef } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

const percentiles = ["p50", "p95", "p99"] as const;

/** What is taken for noise, as the server says it of these two. */
export function Noise({ comparison: { a, b } }: { comparison: Comparison }) {
  const { say, language } = useWords();
  const { rate } = figures(language);
  const wider = ({ widening }: ComparisonRunRef) => percentiles.map((name) => rate(widening[name])).join(" / ");
  return <Text size="xs" c="dimmed">{say("compare.noise_why", { a: wider(a), b: wider(b) })}</Text>;
}
