// What is shown where something went wrong, in the place where it did.

import { Alert, Button, Group, List, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";

import { Problem } from "~/api/client";
import { useWords } from "~/i18n";

import { toldProblem } from "./told-problem";
import { useAgain, useUnanswered } from "./unanswered";

interface Props {
  error: unknown;
  again?: () => void;
  /** Whether it is said already that the server does not answer. */
  known?: boolean;
}

export function ProblemAlert({ error, again, known = false }: Props) {
  const { say } = useWords();
  const problem = error instanceof Problem ? error : new Problem(500, { detail: String(error) });
  const { text, english } = toldProblem(problem, say, again !== undefined);
  const unanswered = useUnanswered(error);
  useAgain(again, unanswered);
  // What failed stays in sight while it is asked again; another answer, good or bad, is another error or none.
  const [retried, retry] = useState<unknown>(null);
  if (unanswered === "no longer" || (unanswered && known)) return null;
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
