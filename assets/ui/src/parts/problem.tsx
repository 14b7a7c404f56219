// What is shown where something went wrong, in the place where it did.

import { Alert, Button, Group, List, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

import { Problem } from "~/api/client";
import { useWords } from "~/i18n";

export function ProblemAlert({ error, again }: { error: unknown; again?: () => void }) {
  const { say } = useWords();
  const problem = error instanceof Problem ? error : new Problem(500, { detail: String(error) });
  // One that says no more than the whole does is not said twice.
  const told = problem.errors.length > 1 || problem.errors.some(({ path }) => !problem.message.includes(path));
  const title = problem.code === "target_refused" ? say("problem.target") : problem.status === 403 ? say("problem.forbidden") : undefined;
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={title} role="alert">
      <Text size="sm" lang={problem.status ? "en" : undefined}>
        {problem.status === 0 ? say("problem.none") : problem.message}
      </Text>
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
          <Button size="xs" variant="light" color="red" onClick={again}>
            {say("problem.again")}
          </Button>
        </Group>
      )}
    </Alert>
  );
}
