// The test of a recipe for other tools.

import { Alert, Button, Code, Group, ScrollArea, Select, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api, Problem } from "~/api/client";
import type { ExportedFile, Parameter, RecipeView } from "~/api/schema";
import { useWords } from "~/i18n";
import { Told } from "~/pages/recipes/imported";
import { CopyText } from "~/parts/copy-text";
import { ProblemAlert } from "~/parts/problem";

import { isSecret, sent, type Typed } from "./model";

const forms = [
  ["k6", "k6 (JavaScript)"], ["locust", "Locust (Python)"], ["goose", "Goose (Rust)"], ["curl", "curl (bash)"],
  ["postman", "Postman"], ["yaml", "LoadTest (YAML)"], ["json", "LoadTest (JSON)"],
] as const;
type Form = (typeof forms)[number][0];

interface Props {
  view: RecipeView;
  /** The values of the form. */
  typed: Typed;
  /** Leads to where they are given. */
  change: () => void;
}

export function Export({ view, typed, change }: Props) {
  const { say } = useWords();
  const [format, setFormat] = useState<Form>("k6");
  const make = useMutation({
    mutationFn: () => answer(api.POST("/api/maid/export", { body: { recipe_id: view.id, parameters: valuesOf(view.recipe.parameters ?? [], typed), format } })),
  });
  return (
    <Stack>
      <Text>{say("recipe.export_why")}</Text>
      <Group align="flex-end">
        <Select
          label={say("recipe.export_form")} value={format} allowDeselect={false} data={forms.map(([value, label]) => ({ value, label }))} style={{ flex: "0 1 20rem" }}
          onChange={(value) => value && (setFormat(value as Form), make.reset())}
        />
        <Button onClick={() => make.mutate()} loading={make.isPending}>
          {say("recipe.export_do")}
        </Button>
      </Group>
      {make.error && <Refused error={make.error} change={change} />}
      {make.data && make.data.left_out.length > 0 && (
        <Alert color="yellow">
          <Told order={2} title={say("recipe.export_left", { count: make.data.left_out.length })} items={make.data.left_out} />
        </Alert>
      )}
      {make.data?.files.map((file) => <File key={file.name} file={file} />)}
    </Stack>
  );
}

/** Secrets come out as names of variables, whatever they are: in place of one that must be given stands its example. */
function valuesOf(parameters: Parameter[], typed: Typed): Record<string, unknown> {
  const secrets = parameters.filter((parameter) => isSecret(parameter) && parameter.required).map(({ name, example }) => [name, example]);
  return { ...sent(parameters, typed), ...Object.fromEntries(secrets) };
}

/** Where values are missing or wrong, they are given elsewhere. */
function Refused({ error, change }: { error: Error; change: () => void }) {
  const { say } = useWords();
  const values = error instanceof Problem ? error.errors.filter(({ path }) => path.startsWith("parameters.")) : [];
  if (values.length === 0) return <ProblemAlert error={error} />;
  return (
    <Alert color="red" role="alert">
      <Told order={2} title={say("recipe.export_values")} items={values.map(({ path, message }) => ({ place: path.slice("parameters.".length), message }))} />
      <Button variant="default" size="xs" mt="sm" onClick={change}>
        {say("recipe.to_values")}
      </Button>
    </Alert>
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
