// A test for other tools: the form is chosen, and the files are shown and taken along.

import { Alert, Button, Code, Group, ScrollArea, Select, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { answer, api } from "~/api/client";
import type { ExportedFile, ExportRequest } from "~/api/schema";
import { useWords } from "~/i18n";
import { Told } from "~/pages/recipes/imported";
import { CopyText } from "~/parts/copy-text";
import { ProblemAlert } from "~/parts/problem";

import { download } from "./download";

const forms = [
  ["k6", "k6 (JavaScript)"], ["locust", "Locust (Python)"], ["goose", "Goose (Rust)"], ["curl", "curl (bash)"],
  ["postman", "Postman"], ["yaml", "LoadTest (YAML)"], ["json", "LoadTest (JSON)"],
] as const;
type Form = (typeof forms)[number][0];

interface Props {
  /** What is exported, in a sentence. */
  why: string;
  /** The test that is meant when it is asked for. */
  asked: () => Omit<ExportRequest, "format">;
  /** What a refusal says beside the words of the server. */
  refused?: (error: Error) => ReactNode;
}

export function Exporting({ why, asked, refused = (error) => <ProblemAlert error={error} /> }: Props) {
  const { say } = useWords();
  const [format, setFormat] = useState<Form>("k6");
  const make = useMutation({ mutationFn: () => answer(api.POST("/api/maid/export", { body: { ...asked(), format } })) });
  return (
    <Stack>
      <Text>{why}</Text>
      <Group align="flex-end">
        <Select
          label={say("export.form")} value={format} allowDeselect={false} data={forms.map(([value, label]) => ({ value, label }))} style={{ flex: "0 1 20rem" }}
          onChange={(value) => value && (setFormat(value as Form), make.reset())}
        />
        <Button onClick={() => make.mutate()} loading={make.isPending}>
          {say("export.do")}
        </Button>
      </Group>
      {make.error && refused(make.error)}
      {make.data && make.data.left_out.length > 0 && (
        <Alert color="yellow">
          <Told order={2} title={say("export.left", { count: make.data.left_out.length })} items={make.data.left_out} />
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
            {say("export.download")}
          </Button>
        </Group>
      </Group>
      <ScrollArea.Autosize mah={480} viewportProps={{ tabIndex: 0, role: "region", "aria-label": file.name }}>
        <Code block>{file.text}</Code>
      </ScrollArea.Autosize>
    </section>
  );
}
