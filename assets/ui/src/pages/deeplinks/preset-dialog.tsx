// Makes a preset, or changes one. What is written is kept in the browser until the server has it.

import { Alert, Button, Group, Modal, Skeleton, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { api, Problem } from "~/api/client";
import type { PresetView } from "~/api/schema";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { useFirstWrong } from "~/parts/first-wrong";
import { fieldsOf, isText } from "~/parts/fits";
import { useKeptDraft } from "~/parts/kept-draft";
import { NotKept } from "~/parts/not-kept";
import { ProblemAlert } from "~/parts/problem";
import type { Values } from "~/parts/value-field";

import { type Content, ContentFields, isContent, nothing, saidOf, told } from "./content";
import { KeptNote } from "./kept-note";
import { useLast } from "./last";
import { NEW } from "./view";

interface Draft {
  name: string;
  description: string;
  content: Content;
  etag: string;
}
const isDraft = fieldsOf<Draft>({ name: isText, description: isText, content: isContent, etag: isText });

/** What the server has of a preset, as it is written, and whose it is. */
async function read(name: string): Promise<{ draft: Draft; owner: string }> {
  const { data, response } = await api.GET("/api/maid/presets/{name}", { params: { path: { name } } });
  const preset = data as PresetView;
  const held = preset.content as { loadtest?: unknown; recipe?: { id: string; parameters?: Values } };
  const content: Content = held.recipe
    ? { ...nothing, source: "recipe", recipe: held.recipe.id, values: held.recipe.parameters ?? {} }
    : { ...nothing, source: "loadtest", loadtest: JSON.stringify(held.loadtest, null, 2) };
  return { draft: { name, description: preset.description, content, etag: response.headers.get("etag") ?? "" }, owner: preset.owner };
}

export function PresetDialog({ name: wanted, close }: { name?: string; close: () => void }) {
  const { say } = useWords();
  const name = useLast(wanted) ?? NEW;
  return (
    <Modal opened={Boolean(wanted)} onClose={close} size="lg" title={name === NEW ? say("preset.new") : say("preset.edit", { name })}>
      <Writing key={name} name={name} close={close} />
    </Modal>
  );
}

function Writing({ name, close }: { name: string; close: () => void }) {
  const { say } = useWords();
  const { me, may } = useSession();
  const made = name === NEW;
  const { data, error, refetch } = useQuery({ queryKey: ["preset", name], enabled: !made, queryFn: () => read(name), staleTime: 0, gcTime: 0 });
  const base: Draft | undefined = made ? { name: "", description: "", content: nothing, etag: "" } : data?.draft;
  // An address may lead here whose preset it is not.
  if (data && data.owner !== me.id && !may("maid.admin")) return <Alert color="gray">{say("preset.not_mine")}</Alert>;
  return (
    <>
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      {!base && !error && <Skeleton h={320} />}
      {base && <Form base={base} made={made} close={close} load={async () => (await refetch({ throwOnError: true })).data?.draft} />}
    </>
  );
}

interface Props {
  base: Draft;
  made: boolean;
  close: () => void;
  load: () => Promise<Draft | undefined>;
}

function Form({ base, made, close, load }: Props) {
  const { say } = useWords();
  const queries = useQueryClient();
  const [kept, keep, unkept] = useKeptDraft(`preset.${made ? NEW : base.name}`, isDraft);
  const [found, find] = useState(kept !== null);
  const draft = kept ?? base;
  const write = (some: Partial<Draft>) => keep({ ...draft, ...some });
  const save = useMutation({
    mutationFn: async (over: boolean) => {
      const { name, description, content } = draft;
      const etag = over ? ((await load())?.etag ?? "") : draft.etag;
      const body = { description, ...told(content) };
      if (made) await api.POST("/api/maid/presets", { body: { name, ...body } });
      else await api.PUT("/api/maid/presets/{name}", { params: { path: { name: base.name }, header: { "If-Match": etag } }, body });
    },
    onSuccess: async () => {
      keep(null);
      notifications.show({ message: say("preset.saved") });
      close();
      await queries.invalidateQueries({ queryKey: ["presets"] });
    },
  });
  // What is written goes once what the server has is there.
  const anew = useMutation({
    mutationFn: async () => void (made || (await load())),
    onSuccess: () => {
      save.reset();
      find(false);
      keep(null);
    },
  });
  const form = useFirstWrong(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(false);
  };
  const said = saidOf(save.error);
  const about = (path: string) => said(path) && <span lang="en">{said(path)}</span>;
  const clashed = save.error instanceof Problem && save.error.status === 412;
  const named = save.error instanceof Problem && save.error.status === 422 && save.error.errors.length > 0;
  return (
    <form ref={form} onSubmit={submit}>
      <Stack>
        {found && kept && !clashed && <KeptNote discard={() => anew.mutate()} />}
        {made && (
          <TextInput label={say("preset.name")} description={say("preset.name_why")} required maxLength={64} value={draft.name} onChange={(event) => write({ name: event.currentTarget.value })} error={about("name")} />
        )}
        <ContentFields content={draft.content} sources={["recipe", "loadtest"]} error={save.error} set={(some) => write({ content: { ...draft.content, ...some } })} />
        <Textarea label={say("preset.description")} autosize minRows={2} maxRows={6} maxLength={1000} value={draft.description} onChange={(event) => write({ description: event.currentTarget.value })} error={about("description")} />
        {clashed && (
          <Alert color="yellow" role="alert">
            <Text size="sm" mb="xs">{say("preset.clash")}</Text>
            <Group gap="xs">
              <Button size="xs" variant="default" onClick={() => anew.mutate()}>{say("preset.clash_load")}</Button>
              <Button size="xs" variant="default" onClick={() => save.mutate(true)}>{say("preset.clash_mine")}</Button>
            </Group>
          </Alert>
        )}
        {anew.error && <ProblemAlert error={anew.error} />}
        {named && <Alert color="red" role="alert">{say("link.wrong")}</Alert>}
        {save.error && !clashed && !named && <ProblemAlert error={save.error} />}
        {unkept && <NotKept />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>{say("action.cancel")}</Button>
          <Button type="submit" loading={save.isPending}>{say("action.save")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
