// The address of a run that there is not.

import { Stack, Text, Title } from "@mantine/core";

import { useWords } from "~/i18n";
import { ButtonLink } from "~/parts/links";

export function Missing() {
  const { say } = useWords();
  return (
    <Stack align="flex-start">
      <Title order={1} size="h2">{say("result.no_such")}</Title>
      <Text>{say("result.missing")}</Text>
      <ButtonLink to="/results" variant="default">{say("result.to_results")}</ButtonLink>
    </Stack>
  );
}
