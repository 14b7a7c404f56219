// Where an address leads nowhere, and where a page broke.

import { Button, Stack, Text, Title } from "@mantine/core";

import { Problem } from "~/api/client";
import { useWords } from "~/i18n";
import { AnchorLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";

export function Missing() {
  const { say } = useWords();
  return (
    <Stack align="flex-start">
      <Title order={1}>{say("app.not_found")}</Title>
      <Text>{say("app.not_found_why")}</Text>
      <AnchorLink to="/">
        {say("app.to_home")}
      </AnchorLink>
    </Stack>
  );
}

export function Broken({ error }: { error: unknown }) {
  const { say } = useWords();
  if (error instanceof Problem) return <ProblemAlert error={error} again={() => location.reload()} />;
  return (
    <Stack align="flex-start">
      <Title order={1}>{say("app.broken")}</Title>
      <Text>{say("app.broken_why")}</Text>
      <Text component="pre" size="xs" c="dimmed">
        {String(error)}
      </Text>
      <Button onClick={() => location.reload()}>{say("app.reload")}</Button>
    </Stack>
  );
}
