// How much somebody may ask for, in words.

import { Text } from "@mantine/core";

import type { Allowance } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

export const counted = ["max_users", "max_rps", "concurrent_tests", "recipe_limit"] as const;

export function Limits({ of, none }: { of: Allowance; none?: string }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const lines = counted.flatMap((name) => {
    const value = of[name];
    return value == null ? [] : [`${say(`limit.${name}`)}: ${tell.rate(value)}`];
  });
  if (of.targets) lines.push(`${say("limit.targets")}: ${of.targets.join(", ") || say("limit.no_targets")}`);
  if (lines.length === 0) return <Text size="sm" c="dimmed">{none ?? say("limit.none")}</Text>;
  return (
    <>
      {lines.map((line) => (
        <Text key={line} size="sm" style={{ overflowWrap: "anywhere" }}>{line}</Text>
      ))}
    </>
  );
}
