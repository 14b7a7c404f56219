// Somebody else was faster: both versions are there, and whoever writes decides.

import { Alert, Button, Group, Skeleton, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { lazy, Suspense } from "react";

import { useWords } from "~/i18n";

import { fileOf, type Known } from "./model";

const RecipeCode = lazy(() => import("~/parts/recipe-code"));

interface Props {
  /** The other version. */
  known: Known;
  take: () => void;
  force: () => void;
}

export function Changed({ known, take, force }: Props) {
  const { say } = useWords();
  const [looks, { toggle }] = useDisclosure();
  return (
    <Alert color="yellow" role="alert" title={say("recipe.changed")}>
      <Text size="sm">{say("recipe.changed_why")}</Text>
      <Group gap="xs" my="sm">
        <Button size="xs" variant="default" onClick={toggle} aria-expanded={looks}>
          {say("recipe.look")}
        </Button>
        <Button size="xs" variant="default" onClick={take}>
          {say("recipe.take_theirs")}
        </Button>
        <Button size="xs" variant="default" onClick={force}>
          {say("recipe.keep_mine")}
        </Button>
      </Group>
      {looks && (
        <Suspense fallback={<Skeleton h={200} />}>
          <RecipeCode label={say("recipe.version", { version: known.view.version ?? 0 })} value={fileOf(known.view.recipe)} />
        </Suspense>
      )}
    </Alert>
  );
}
