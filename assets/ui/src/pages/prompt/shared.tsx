// A prompt that somebody has handed on by a link: for whoever has that, signed in or not.

import { Anchor, Badge, Container, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { answer, api, Problem } from "~/api/client";
import { useWords } from "~/i18n";
import { Mark } from "~/parts/mark";
import { NameTitle } from "~/parts/name-title";
import { ProblemAlert } from "~/parts/problem";
import { useTitle } from "~/parts/title";

import { TextTab } from "./text-tab";

export function SharedPrompt({ token }: { token: string }) {
  const { say } = useWords();
  const { data, error, refetch } = useQuery({
    queryKey: ["shared-prompt", token],
    queryFn: () => answer(api.GET("/api/maid/prompts/shared/{token}", { params: { path: { token } } })),
  });
  useTitle(data?.title ?? say("prompt.shared_title"));
  const gone = error instanceof Problem && error.status === 404;
  return (
    <Container size="md" py="lg" component="main">
      <Stack gap="lg">
        <Group justify="space-between">
          <Mark />
          <Anchor href={import.meta.env.BASE_URL} size="sm">{say("prompt.to_maid")}</Anchor>
        </Group>
        {!data && !error && <Skeleton h={320} />}
        {gone && (
          <>
            <Title order={1} size="h2">{say("prompt.gone")}</Title>
            <Text>{say("prompt.gone_why")}</Text>
          </>
        )}
        {error && !gone && (
          <>
            <Title order={1} size="h2">{say("prompt.shared_title")}</Title>
            <ProblemAlert error={error} again={() => void refetch()} />
          </>
        )}
        {data && (
          <>
            <div>
              <NameTitle>{data.title}</NameTitle>
              <Group gap="xs" mt="xs">
                <Badge variant="light">{say(`prompts.category.${data.category}`)}</Badge>
                {data.tags.map((tag) => <Badge key={tag} variant="outline" color="gray">{tag}</Badge>)}
              </Group>
            </div>
            {data.description && <Text style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{data.description}</Text>}
            <TextTab prompt={data} />
          </>
        )}
      </Stack>
    </Container>
  );
}
