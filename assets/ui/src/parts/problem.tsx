// What is shown where something went wrong, in the place where it did.

import { Alert, Button, Group, List, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";

import { BASE, Problem } from "~/api/client";
import { useWords } from "~/i18n";

import { isPassing, toldProblem } from "./told-problem";

/** Between two tries of what may work by itself in a moment, in ms. */
const AGAIN_MS = 5_000;

export function ProblemAlert({ error, again }: { error: unknown; again?: () => void }) {
  const { say } = useWords();
  const problem = error instanceof Problem ? error : new Problem(500, { detail: String(error) });
  const { text, english } = toldProblem(problem, say, again !== undefined);
  useAgain(again, isPassing(error));
  // What failed stays in sight while it is asked again; another answer, good or bad, is another error or none.
  const [retried, retry] = useState<unknown>(null);
  // One that says no more than the whole does is not said twice.
  const told = problem.errors.length > 1 || problem.errors.some(({ path }) => !problem.message.includes(path));
  const title = problem.code === "target_refused" ? say("problem.target") : problem.status === 403 ? say("problem.forbidden") : undefined;
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={title} role="alert">
      <Text size="sm" lang={english ? "en" : undefined}>{text}</Text>
      {told && (
        <List size="sm" mt="xs">
          {problem.errors.map((one) => (
            <List.Item key={one.path + one.message}>
              <code>{one.path}</code>: {one.message}
            </List.Item>
          ))}
        </List>
      )}
      {problem.retryAfter && <Text size="sm">{say("problem.wait", { seconds: problem.retryAfter })}</Text>}
      {again && (
        <Group mt="sm">
          <Button size="xs" variant="light" color="red" loading={retried === error} onClick={() => (retry(error), again())}>
            {say("problem.again")}
          </Button>
        </Group>
      )}
    </Alert>
  );
}

/** Asks again by itself, for as long as it is said that this page keeps trying. */
function useAgain(again: (() => void) | undefined, wanted: boolean): void {
  const latest = useRef(again);
  latest.current = again;
  const asks = wanted && again !== undefined;
  useEffect(() => {
    if (!asks) return;
    // Whether somebody answers is asked first: what is said stays until then.
    const ask = async () => {
      const answered = await fetch(`${BASE}/healthz`, { cache: "no-store" }).catch(() => null);
      if (answered?.ok) latest.current?.();
    };
    const asking = setInterval(() => void ask(), AGAIN_MS);
    return () => clearInterval(asking);
  }, [asks]);
}
