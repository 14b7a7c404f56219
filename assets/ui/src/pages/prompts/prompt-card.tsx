// A prompt in the library.

import { Badge, Button, Card, Group, Text, Title } from "@mantine/core";

import type { PromptSummary } from "~/api/schema";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { AnchorLink } from "~/parts/links";
import { By } from "~/parts/who";

import { Favourite } from "./favourite";

const TAGS = 4;

export function PromptCard({ prompt, pick }: { prompt: PromptSummary; pick: (tag: string) => void }) {
  const { say } = useWords();
  return (
    <Card withBorder component="li" miw={0}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <Title order={2} size="h5" miw={0} style={{ overflowWrap: "anywhere" }}>
          <AnchorLink to="/prompts/$id" params={{ id: prompt.id }} inherit lineClamp={3}>{prompt.title}</AnchorLink>
        </Title>
        <Favourite prompt={prompt} />
      </Group>
      <Marks prompt={prompt} />
      <Text size="sm" lineClamp={4} style={{ flexGrow: 1, overflowWrap: "anywhere" }}>{prompt.description}</Text>
      {/* The words of the tags stand below those of the card. */}
      <Group gap={0} mt="xs" mx={-7}>
        {prompt.tags.slice(0, TAGS).map((tag) => (
          <Button key={tag} variant="subtle" color="gray" size="compact-xs" maw="100%" c="dimmed" mih={24} aria-label={say("prompts.only_tag", { tag })} onClick={() => pick(tag)}>
            #{tag}
          </Button>
        ))}
      </Group>
    </Card>
  );
}

/** What kind of prompt it is, and whose. */
export function Marks({ prompt }: { prompt: Pick<PromptSummary, "category" | "built_in" | "visibility" | "owner"> }) {
  const { say } = useWords();
  const { me } = useSession();
  return (
    <Group gap={6} my={6}>
      <Badge variant="light">{say(`prompts.category.${prompt.category}`)}</Badge>
      <Badge variant={prompt.built_in ? "default" : "light"} color={prompt.built_in ? undefined : "teal"}>
        {say(prompt.built_in ? "prompts.source.built_in" : `prompts.visibility.${prompt.visibility}`)}
      </Badge>
      {prompt.owner && prompt.owner !== me.id && <Text size="xs" c="dimmed"><By id={prompt.owner} /></Text>}
    </Group>
  );
}
