// The test of a recipe for other tools.

import { Alert, Button, Code, Group, ScrollArea, Select, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api } from "~/api/client";
import type { ExportedFile, RecipeView } from "~/api/schema";
import { useWords } from "~/i18n";
import { Told } from "~/pages/recipes/imported";
import { CopyText } from "~/parts/copy-text";
import { ProblemAlert } from "~/parts/problem";

import { isSecret, sent, type Typed } from "./model";

const forms = [
  ["k6", "k6 (JavaScript)"], ["locust", "Locust (Python)"], ["goose", "Goose (Rust)"], ["curl", "curl (bash)"],
  ["postman", "Postman"], ["yaml", "LoadTest (YAML)"], ["json", "LoadTest (JSON)"],
] as const;

export function Export({ view, typed }: { view: RecipeView; typed: Typed }) {
  const { say } = useWords();
  const [format, setFormat] = useState<string>("k6");
  const parameters = (view.recipe.parameters ?? []).filter((parameter) => !isSecret(parameter));
  const make = useMutation({
    mutationFn: () => answer(api.POST("/api/maid/export", { body: { recipe_id: view.id, parameters: sent(parameters, typed), format } as never })),
  });
  return (
    <Stack>
      <Text>{say("recipe.export_why")}</Text>
      <Group align="flex-end">
        <Select
          label={say("recipe.export_form")} value={format} allowDeselect={false} data={forms.map(([value, label]) => ({ value, label }))}
          onChange={(value) => value && (setFormat(value), make.reset())}
        />
        <Button onClick={() => make.mutate()} loading={make.isPending}>
          {say("recipe.export_do")}
        </Button>
      </Group>
      {make.error && <ProblemAlert error={make.error} />}
      {make.data && make.data.left_out.length > 0 && (
        <Alert color="yellow">
          <Told order={2} title={say("recipe.export_left", { count: make.data.left_out.length })} items={make.data.left_out} />
        </Alert>
      )}
      {make.data?.files.map((file) => <File key={file.name} file={file} />)}
    </Stack>
  );
}

function File({ file }: { file: ExportedFile }) {
  const { say } = useWords();
  return (
    <section>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5" ff="monospace" style={{ overflowWrap: "anywhere" }}>
          {file.name}
        </Title>
        <Group gap="xs">
          <CopyText text={file.text} what={file.name} size="xs" />
          <Button variant="default" size="xs" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => download(file)}>
            {say("recipe.download")}
          </Button>
        </Group>
      </Group>
      <ScrollArea.Autosize mah={480} viewportProps={{ tabIndex: 0, role: "region", "aria-label": file.name }}>
        <Code block>{file.text}</Code>
      </ScrollArea.Autosize>
    </section>
  );
}

/** Hands a file to the browser. */
export function download({ name, media_type, text }: ExportedFile): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: media_type }));
  link.download = name;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
