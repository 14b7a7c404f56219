// A recipe that is not there, and what somebody was writing of it.

import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";

import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { NotStored, useStore } from "~/pages/recipes/store";
import { useKeptDraft } from "~/parts/kept-draft";
import { ButtonLink } from "~/parts/links";
import { NotKept } from "~/parts/not-kept";

import { draftOf, isDraft } from "./draft";

export function Gone({ id }: { id: string }) {
  const { say } = useWords();
  const { may } = useSession();
  const [draft, keep, unkept] = useKeptDraft(draftOf(id), isDraft);
  const store = useStore(() => keep(null));
  return (
    <Stack align="flex-start">
      <Title order={1} size="h2">
        {say("recipe.missing_title")}
      </Title>
      <Text>{say("recipe.missing")}</Text>
      {unkept && <NotKept />}
      {draft && (
        <Alert title={say("recipe.left")}>
          <Text size="sm" mb="sm">{say("recipe.left_why")}</Text>
          {store.error && <NotStored error={store.error} />}
          <Group gap="xs">
            {may("maid.recipes") && <Button size="xs" loading={store.isPending} onClick={() => store.mutate(draft.text)}>{say("recipe.left_save")}</Button>}
            <Button size="xs" variant="default" onClick={() => keep(null)}>{say("recipe.discard")}</Button>
          </Group>
        </Alert>
      )}
      <ButtonLink to="/recipes" variant="default">
        {say("recipe.to_recipes")}
      </ButtonLink>
    </Stack>
  );
}
