// A prompt in the library.

import { Badge, Card, Group, Text, UnstyledButton } from "@mantine/core";

import type { PromptSummary } from "~/api/schema";
import { useWords } from "~/i18n";
import { AnchorLink } from "~/parts/links";

import { Favourite } from "./favourite";

const TAGS = 4;

export function PromptCard({ prompt, pick }: { prompt: PromptSummary; pick: (tag: string) => void }) {
  const { say } = useWords();
  const whose = prompt.built_in ? say("prompts.source.built_in") : say(`prompts.visibility.${prompt.visibility}`);
  return (
    <Card withBorder component="article" padding="md">
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <AnchorLink to="/prompts/$id" params={{ id: prompt.id }} fw={600} miw={0} lineClamp={2} style={{ overflowWrap: "anywhere" }}>
          {prompt.title}
        </AnchorLink>
        <Favourite prompt={prompt} />
      </Group>
      <Text size="sm" c="dimmed" mt={4} mb="sm" lineClamp={3} style={{ flexGrow: 1, overflowWrap: "anywhere" }}>
        {prompt.description}
      </Text>
      <Group gap={6}>
        <Badge variant="light" tt="none">{say(`prompts.category.${prompt.category}`)}</Badge>
        <Badge variant="outline" color="gray" tt="none" c="dimmed">{whose}</Badge>
        {prompt.tags.slice(0, TAGS).map((tag) => (
          <UnstyledButton key={tag} fz="xs" c="dimmed" onClick={() => pick(tag)} mih={24}>
            #{tag}
          </UnstyledButton>
        ))}
      </Group>
    </Card>
  );
}
