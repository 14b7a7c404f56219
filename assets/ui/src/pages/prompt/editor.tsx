// Writes a prompt. What is written is kept in the browser until the server has it.

import { Alert, Button, Group, Select, SimpleGrid, Stack, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";

import { answer, api, Problem } from "~/api/client";
import type { PromptCategory } from "~/api/schema";
import { useWords } from "~/i18n";
import { useFirstWrong } from "~/parts/first-wrong";
import { fieldsOf, isNumber, isText } from "~/parts/fits";
import { useKeptDraft } from "~/parts/kept-draft";
import { NameTitle } from "~/parts/name-title";
import { NotKept } from "~/parts/not-kept";
import { ProblemAlert } from "~/parts/problem";
import { useSaveKey } from "~/parts/save-key";

import { categories } from "../prompts/view";
import { Clash } from "./clash";
import classes from "./prompt.module.css";
import { empty, formOf, isPromptForm, newVariable, type PromptForm, promptOfForm, saidOf, undeclared, unplaced } from "./form";
import { VariableFields } from "./variable-fields";
import { promptOf, type Read } from "./view";

/** What is written, and the version that it began with. */
interface Draft {
  form: PromptForm;
  etag: string;
  version: number;
}
const isDraft = fieldsOf<Draft>({ form: isPromptForm, etag: isText, version: isNumber });

export function Editor({ read }: { read: Read | null }) {
  const { say } = useWords();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const id = read?.prompt.id;
  const [kept, keep, unkept] = useKeptDraft(`prompt.${id ?? "new"}`, isDraft);
  const [begun] = useState<Draft>(() => ({ form: read ? formOf(read.prompt) : empty(), etag: read?.etag ?? "", version: read?.prompt.version ?? 0 }));
  const [fresh, renew] = useState<Draft | null>(null);
  const [found, find] = useState(kept !== null);
  const draft = kept ?? fresh ?? begun;
  const { form } = draft;
  const write = (change: Partial<PromptForm>) => keep({ ...draft, form: { ...form, ...change } });

  const leave = (made: string | undefined) =>
    made ? navigate({ to: "/prompts/$id", params: { id: made }, search: {} }) : navigate({ to: "/prompts" });
  const save = useMutation({
    mutationFn: async (over: boolean) => {
      const body = promptOfForm(form);
      const etag = over && id ? (await queries.fetchQuery({ ...promptOf(id), staleTime: 0 })).etag : draft.etag;
      return id
        ? answer(api.PUT("/api/maid/prompts/{id}", { params: { path: { id }, header: { "If-Match": etag } }, body }))
        : answer(api.POST("/api/maid/prompts", { body }));
    },
    onSuccess: async (made) => {
      keep(null);
      notifications.show({ message: say("prompt.saved") });
      await queries.invalidateQueries({ queryKey: ["prompt", made.id] });
      await leave(made.id);
      await queries.invalidateQueries({ queryKey: ["prompts"] });
    },
  });
  /** Begins anew with what the server has; what is written goes once that is there. */
  const load = useMutation({
    mutationFn: async () => {
      if (!id) return { ...begun, form: empty() };
      const { prompt, etag } = await queries.fetchQuery({ ...promptOf(id), staleTime: 0 });
      return { form: formOf(prompt), etag, version: prompt.version };
    },
    onSuccess: (anew) => {
      renew(anew);
      save.reset();
      find(false);
      keep(null);
    },
  });
  const place = useFirstWrong(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(false);
  };
  // As the button does, so that what is required is asked for.
  useSaveKey(save.isPending ? null : () => place.current?.requestSubmit());

  const clashed = save.error instanceof Problem && save.error.status === 412;
  const said = saidOf(save.error);
  const named = save.error instanceof Problem && save.error.status === 422 && save.error.errors.length > 0;
  return (
    <form ref={place} onSubmit={submit}>
      <Stack maw="56rem">
        <NameTitle>{read ? say("prompt.edit_title", { title: read.prompt.title }) : say("prompt.new_title")}</NameTitle>
        {found && kept && !clashed && (
          <Alert color="blue" role="status">
            <Group justify="space-between">
              <Text size="sm">{say("prompt.kept")}</Text>
              <Button size="xs" variant="default" onClick={() => load.mutate()}>{say("prompt.discard")}</Button>
            </Group>
          </Alert>
        )}
        {/* Where it leads away once it is saved, nothing is typed that would be lost. */}
        <fieldset disabled={save.isPending} className={classes.fields}>
          <Stack>
            <Fields form={form} write={write} said={said} />
          </Stack>
        </fieldset>
        {clashed && id && <Clash id={id} from={draft.version} load={() => load.mutate()} over={() => save.mutate(true)} busy={save.isPending} />}
        {load.error && <ProblemAlert error={load.error} />}
        {named && (
          <Alert color="red" role="alert">
            {say("prompt.not_saved")}
            {unplaced(save.error).map((message) => <Text key={message} size="sm" lang="en">{message}</Text>)}
          </Alert>
        )}
        {save.error && !clashed && !named && <ProblemAlert error={save.error} />}
        {unkept && <NotKept />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => void leave(id)}>{say("action.cancel")}</Button>
          <Button type="submit" loading={save.isPending}>{say("action.save")}</Button>
        </Group>
      </Stack>
    </form>
  );
}

interface FieldsProps {
  form: PromptForm;
  write: (change: Partial<PromptForm>) => void;
  said: (path: string) => string | undefined;
}

function Fields({ form, write, said }: FieldsProps) {
  const { say } = useWords();
  const lacking = undeclared(form);
  const about = (path: string) => {
    const message = said(path);
    return message && <span lang="en">{message}</span>;
  };
  return (
    <>
      <TextInput label={say("prompt.f.title")} required maxLength={200} value={form.title} onChange={(event) => write({ title: event.currentTarget.value })} error={about("title")} />
      <Textarea
        label={say("prompt.f.description")} description={say("prompt.f.description_why")} autosize minRows={2} maxRows={8} maxLength={2000}
        value={form.description} onChange={(event) => write({ description: event.currentTarget.value })} error={about("description")}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label={say("prompts.category")} allowDeselect={false} value={form.category} error={about("category")}
          data={categories.map((category) => ({ value: category, label: say(`prompts.category.${category}`) }))}
          onChange={(category) => category && write({ category: category as PromptCategory })}
        />
        <TagsInput label={say("prompt.f.tags")} description={say("prompt.f.tags_why")} inputWrapperOrder={["label", "input", "description", "error"]} maxTags={20} value={form.tags} onChange={(tags) => write({ tags })} error={about("tags")} />
      </SimpleGrid>
      <Textarea
        label={say("prompt.f.text")} description={say("prompt.f.text_why", { place: "{{ name }}" })} required autosize minRows={8} maxRows={28} spellCheck={false}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        value={form.text} onChange={(event) => write({ text: event.currentTarget.value })} error={about("text")}
      />
      {lacking.length > 0 && (
        <Alert color="yellow" p="xs">
          <Group justify="space-between">
            <Text size="sm">{say("prompt.f.undeclared", { names: lacking.join(", ") })}</Text>
            <Button size="xs" variant="default" onClick={() => write({ variables: [...form.variables, ...lacking.map(newVariable)] })}>{say("prompt.f.declare")}</Button>
          </Group>
        </Alert>
      )}
      <VariableFields variables={form.variables} set={(variables) => write({ variables })} about={about} />
    </>
  );
}
