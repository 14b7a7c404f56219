// Somebody else was faster: both versions are there, and whoever writes decides.

import { Alert, Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

import { useWords } from "~/i18n";
import { useSure } from "~/parts/sure";

import { Differing } from "./differing";
import { fileOf, type Known } from "./model";

interface Props {
  /** The other version. */
  known: Known;
  /** What is written here. */
  text: string;
  take: () => void;
  force: () => void;
}

export function Changed({ known: { view }, text, take, force }: Props) {
  const { say } = useWords();
  const [looks, { toggle }] = useDisclosure();
  const sure = useDiscard(view.title);
  return (
    <Alert color="yellow" role="alert" title={say("recipe.changed")}>
      <Text size="sm">{say("recipe.changed_why")}</Text>
      <Group gap="xs" my="sm">
        <Button size="xs" variant="default" onClick={toggle} aria-expanded={looks}>
          {say("recipe.look")}
        </Button>
        <Button size="xs" variant="default" onClick={() => sure("recipe.take_theirs", take)}>
          {say("recipe.take_theirs")}
        </Button>
        <Button size="xs" variant="default" onClick={force}>
          {say("recipe.keep_mine")}
        </Button>
      </Group>
      {looks && <Differing label={say("recipe.beside_mine", { version: view.version ?? 1 })} before={fileOf(view)} after={text} />}
    </Alert>
  );
}

/** Asks before what is written is thrown away. */
export function useDiscard(title: string) {
  const { say } = useWords();
  const ask = useSure();
  return (confirm: "recipe.take_theirs" | "recipe.discard", go: () => void) => ask({ title, why: say("recipe.discard_sure"), confirm: say(confirm), go });
}
