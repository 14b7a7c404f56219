// A recipe as its file has it, to read and to take along.

import { Button, Group, Stack } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";

import type { RecipeView } from "~/api/schema";
import { download } from "~/export/download";
import { useWords } from "~/i18n";
import RecipeCode from "~/parts/code/recipe-code";
import { CopyText } from "~/parts/copy-text";

import { fileOf } from "./model";

export default function File({ view }: { view: RecipeView }) {
  const { say } = useWords();
  const text = fileOf(view);
  const json = text.trimStart().startsWith("{");
  const stem = view.title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60);
  const name = `${stem || "recipe"}.${json ? "json" : "yaml"}`;
  return (
    <Stack gap="xs">
      <Group gap="xs" justify="flex-end">
        <CopyText text={text} what={name} size="xs" />
        <Button
          variant="default" size="xs" leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => download({ name, text, media_type: json ? "application/json" : "application/yaml" })}
        >
          {say("export.download")}
        </Button>
      </Group>
      <RecipeCode label={say("recipe.tab_test")} value={text} />
    </Stack>
  );
}
