// Makes a test of what somebody has already: a description, a recording, commands, a script.

import { Button, Checkbox, FileButton, Group, Modal, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconFile } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type DragEvent, useMemo, useState } from "react";

import { answer, api, Problem } from "~/api/client";
import type { ImportFormat } from "~/api/schema";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";
import { useReadFile } from "~/parts/read-file";

import { formats, guess, type Own, own } from "./guess";
import { Imported } from "./imported";
import { NotStored, useStore } from "./store";

/** A field with millions of characters would keep the whole page waiting. */
const SHOWN = 100_000;

type Kind = ImportFormat | Own;

interface Props {
  opened: boolean;
  close: () => void;
  /** What somebody has brought already. */
  file?: { name: string; text: string };
  /** Shows the test that was made, in the editor. */
  open: (test: string) => void;
}

export function ImportDialog({ opened, close, file, open }: Props) {
  const { say } = useWords();
  const { may } = useSession();
  const [text, setText] = useState(file?.text ?? "");
  const [chosen, choose] = useState<Kind | null>(null);
  const [host, setHost] = useState("");
  const [all, setAll] = useState(false);
  const read = useReadFile();
  const bring = (file: File | null | undefined) => void (file && read(file).then((text) => text !== null && setText(text)));
  const drop = (event: DragEvent) => {
    if (!event.dataTransfer.files[0]) return;
    event.preventDefault();
    bring(event.dataTransfer.files[0]);
  };
  const long = text.length > SHOWN;
  const guessed = useMemo(() => own(text) ?? guess(text), [text]);
  const format = chosen ?? guessed;
  const mine = format === "recipe" || format === "loadtest";
  const kinds: Kind[] = [...formats, "loadtest", ...(may("maid.recipes") ? (["recipe"] as const) : [])];
  const store = useStore(close);
  const take = useMutation({
    mutationFn: async (format: ImportFormat) => {
      const options = { all, ...(host.trim() ? { hosts: [host.trim()] } : {}) };
      return await answer(api.POST("/api/maid/import", { body: { format, text, options } as never }));
    },
  });
  // The place in a text stands behind its name: `text:3:14`.
  const errors = take.error instanceof Problem ? take.error.errors : [];
  const about = (field: string) => {
    const one = errors.find(({ path }) => path === field || path.startsWith(`${field}:`));
    return one && <span lang="en">{[one.path.slice(field.length + 1), one.message].filter(Boolean).join(" ")}</span>;
  };
  const placed = Boolean(about("text") ?? about("options.hosts"));
  const go = (format: Kind) => (format === "loadtest" ? open(text) : format === "recipe" ? store.mutate(text) : take.mutate(format));
  const told = guessed ? say("import.guessed", { format: say(`import.${guessed}`) }) : text.trim() ? say("import.unknown") : undefined;
  return (
    <Modal opened={opened} onClose={close} title={say("import.title")} size="lg">
      {take.data ? (
        <Imported made={take.data} back={() => take.reset()} open={open} />
      ) : (
        <Stack component="form" onDrop={drop} onSubmit={(event) => (event.preventDefault(), format && go(format))}>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>{file && text === file.text && format !== "loadtest" ? say(format === "recipe" ? "import.why_recipe" : "import.why_file", { name: file.name }) : say("import.why")}</Text>
          <Textarea
            label={say("import.text")} description={long && say("import.long")} value={text.slice(0, SHOWN)} readOnly={long} spellCheck={false}
            onChange={(event) => setText(event.currentTarget.value)}
            rows={10} styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }} error={about("text")} data-autofocus
          />
          <Group gap="xs">
            <FileButton onChange={bring}>
              {(props) => (
                <Button {...props} variant="default" size="xs" leftSection={<IconFile size={16} aria-hidden />}>
                  {say("import.file")}
                </Button>
              )}
            </FileButton>
            {long && <Button variant="default" size="xs" onClick={() => setText("")}>{say("import.clear")}</Button>}
          </Group>
          <Select
            label={say("import.format")} placeholder={say("import.guess")} clearable value={chosen} description={chosen ? undefined : told}
            data={kinds.map((value) => ({ value, label: say(`import.${value}`) }))} onChange={(value) => choose(value as Kind | null)}
          />
          {!mine && (
            <>
              <TextInput
                label={say("import.host")} description={say("import.host_why")} placeholder="http://127.0.0.1:8080" value={host} error={about("options.hosts")}
                onChange={(event) => setHost(event.currentTarget.value)}
              />
              <Checkbox label={say("import.all")} checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
              {take.error && !placed && <ProblemAlert error={take.error} />}
            </>
          )}
          {format === "recipe" && store.variables === text && store.error && <NotStored error={store.error} />}
          {format && !kinds.includes(format) && <Text size="sm" role="status">{say("import.may_not_store")}</Text>}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {say("action.cancel")}
            </Button>
            <Button type="submit" loading={take.isPending || store.isPending} disabled={!text.trim() || !format || !kinds.includes(format)}>
              {say(format === "recipe" ? "import.store" : mine ? "import.open" : "import.do")}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
