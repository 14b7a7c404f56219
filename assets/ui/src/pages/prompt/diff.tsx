// What differs between two versions of a prompt.

import { Code, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";

import classes from "./prompt.module.css";

interface Props {
  id: string;
  from: number;
  /** The newest where it is missing. */
  to?: number;
}

/** What the parts of a prompt are called. */
const parts = {
  title: "prompt.f.title", description: "prompt.f.description", category: "prompts.category", tags: "prompt.f.tags", text: "prompt.f.text", variables: "prompt.variables",
} as const;

/** What a line of a unified diff is; the first two name the versions. */
function kind(line: string, index: number) {
  if (index < 2 || line.startsWith("@@")) return classes.place;
  return line.startsWith("+") ? classes.added : line.startsWith("-") ? classes.removed : undefined;
}

export function Diff({ id, from, to }: Props) {
  const { say } = useWords();
  const { data, error, refetch } = useQuery({
    queryKey: ["prompt-diff", id, from, to],
    queryFn: () => answer(api.GET("/api/maid/prompts/{id}/diff", { params: { path: { id }, query: { from, to } } })),
    // The newest may be another one the next time.
    staleTime: to ? Infinity : 0,
  });
  if (error) return <ProblemAlert error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton h={120} />;
  const name = say("prompt.diff", { from: data.from, to: data.to });
  if (!data.diff) return <Text>{say("prompt.same")}</Text>;
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {say("prompt.changed_parts", { parts: data.changed.map((part) => (part in parts ? say(parts[part as keyof typeof parts]) : part)).join(", ") })}
      </Text>
      <Code block className={classes.diff} tabIndex={0} role="region" aria-label={name}>
        {data.diff.replace(/\n$/, "").split("\n").map((line, index) => <span key={index} className={kind(line, index)}>{line || " "}</span>)}
      </Code>
    </Stack>
  );
}
