// Keeping the test as a recipe of the library.

import { Button, Group, Modal, Select, Stack, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";

import { answer, api, Problem } from "~/api/client";
import type { Category, Recipe } from "~/api/schema";
import { write } from "~/editor/document";
import { plain } from "~/editor/editing";
import { under } from "~/editor/parts-of";
import { useWords } from "~/i18n";
import { ButtonLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";

const categories: Category[] = ["api", "web", "database", "business", "pattern"];

interface Props {
  /** The LoadTest, as it is written, and what it says. */
  text: string;
  value: Record<string, unknown>;
  close: () => void;
}

export function Save({ text, value, close }: Props) {
  const { say } = useWords();
  const queries = useQueryClient();
  const [title, setTitle] = useState(plain(value["name"]));
  const [summary, setSummary] = useState(plain(value["description"]));
  const [category, setCategory] = useState<Category>("api");
  const [tags, setTags] = useState<string[]>([]);
  const test = useMemo(() => under("loadtest", text), [text]);
  const save = useMutation({
    mutationFn: () => {
      const head = { title, summary, category, tags };
      // A file of its own around the text: what stands beside its values is kept.
      const body = test === null ? { ...head, loadtest: value as Recipe["loadtest"] } : { text: write(head) + test };
      return answer(api.POST("/api/maid/recipes", { body }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["recipes"] }),
  });
  const errors = save.error instanceof Problem ? save.error.errors : [];
  const beside = (path: string) => {
    const here = errors.filter((one) => one.path === path || one.path.startsWith(`${path}[`));
    return here.length > 0 ? <span lang="en">{here.map(({ message }) => message).join("; ")}</span> : undefined;
  };
  const elsewhere = save.error && !errors.every(({ path }) => /^(title|summary|category|tags)\b/.test(path));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  if (save.data) return <Saved id={save.data.id} title={title} close={close} />;
  return (
    <Modal opened onClose={close} title={say("run.save")}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={say("run.save_title")} required maxLength={200} value={title} onChange={(event) => setTitle(event.currentTarget.value)} error={beside("title")} data-autofocus />
          <Textarea
            label={say("run.save_summary")} description={say("run.save_summary_why")} required maxLength={2000} autosize minRows={2}
            value={summary} onChange={(event) => setSummary(event.currentTarget.value)} error={beside("summary")}
          />
          <Select
            label={say("run.save_category")} allowDeselect={false} value={category} error={beside("category")}
            data={categories.map((one) => ({ value: one, label: say(`run.category_${one}`) }))} onChange={(one) => setCategory(one as Category)}
          />
          <TagsInput
            label={say("run.save_tags")} placeholder="checkout" value={tags} maxTags={20} error={beside("tags")}
            onChange={(now) => setTags(now.map((tag) => tag.trim().toLowerCase().replace(/\s+/g, "-")))}
          />
          {test === null && <Text size="sm" c="dimmed">{say("recipe.comments")}</Text>}
          {(elsewhere || (save.error && errors.length === 0)) && <ProblemAlert error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>{say("action.cancel")}</Button>
            <Button type="submit" loading={save.isPending}>{say("action.save")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Saved({ id, title, close }: { id: string; title: string; close: () => void }) {
  const { say } = useWords();
  return (
    <Modal opened onClose={close} title={say("run.saved")}>
      <Text style={{ overflowWrap: "anywhere" }}>{title}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={close}>{say("action.close")}</Button>
        <ButtonLink to="/recipes/$id" params={{ id }}>{say("run.saved_open")}</ButtonLink>
      </Group>
    </Modal>
  );
}
