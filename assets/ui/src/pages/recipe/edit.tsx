// A change of a recipe: what is written stays here until it is saved, whoever else changes it meanwhile.

import { Button, Group, Input, Select, SimpleGrid, Stack, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { Problem } from "~/api/client";
import type { Category } from "~/api/schema";
import { useWords } from "~/i18n";
import { categories } from "~/pages/recipes/view";
import { useKeptDraft } from "~/parts/kept-draft";
import { ProblemAlert } from "~/parts/problem";
import { hasComments } from "~/parts/code/comments";
import RecipeCode from "~/parts/code/recipe-code";

import { Changed, useDiscard } from "./changed";
import { type Known, storeRecipe } from "./model";
import { recipeOf, Unreadable, type Written, written, wrongIn } from "./written";

/** Errors of one field. */
const told = (errors: { message: string }[] | undefined) => errors && <span lang="en">{errors.map(({ message }) => message).join("; ")}</span>;

export default function Edit({ known }: { known: Known }) {
  const { say } = useWords();
  const { id, title } = known.view;
  const [draft, keep] = useKeptDraft<Written>(`recipe.edit.${id}`);
  const form = draft ?? written(known);
  const set = (change: Partial<Written>) => keep({ ...form, ...change });
  const latest = useRef(form);
  latest.current = form;
  // What was typed while it was being saved is written over what has been saved.
  const save = useSave(known, (sent, etag) => keep(latest.current === sent ? null : { ...latest.current, etag }));
  const sure = useDiscard(title);
  const drop = () => (keep(null), save.reset());
  const force = () => {
    const mine = { ...form, etag: known.etag };
    keep(mine);
    save.mutate(mine);
  };
  const problem = save.error instanceof Problem ? save.error : null;
  const wrong = wrongIn(problem);
  const place = useRef<HTMLFormElement>(null);
  // Whoever was refused is led to the first field that is wrong.
  useEffect(() => {
    if (save.error) place.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [save.error]);
  // Somebody saved after this was begun: told at once, and not only when it is refused.
  const changed = draft !== null && draft.etag !== known.etag && !save.isPending;
  return (
    <form ref={place} noValidate onSubmit={(event) => (event.preventDefault(), save.mutate(form))}>
      <Stack>
        {draft && !changed && <Text size="sm" c="dimmed" role="status">{say("recipe.draft")}</Text>}
        {changed && <Changed known={known} take={drop} force={force} />}
        <TextInput label={say("recipe.field_title")} required maxLength={200} value={form.title} error={told(wrong["title"])} onChange={(event) => set({ title: event.currentTarget.value })} />
        <Textarea
          label={say("recipe.field_summary")} required maxLength={2000} autosize minRows={2} maxRows={8} value={form.summary} error={told(wrong["summary"])}
          onChange={(event) => set({ summary: event.currentTarget.value })}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={say("recipes.category")} allowDeselect={false} value={form.category} data={categories.map((value) => ({ value, label: say(`recipes.category.${value}`) }))}
            onChange={(category) => category && set({ category: category as Category })} error={told(wrong["category"])}
          />
          <TagsInput
            label={say("recipe.field_tags")} description={say("recipe.field_tags_why")} inputWrapperOrder={["label", "input", "description", "error"]} maxTags={20} acceptValueOnBlur
            value={form.tags} onChange={(tags) => set({ tags })} error={told(wrong["tags"])}
          />
          <Textarea
            label={say("recipe.best_practices")} description={say("recipe.field_lines")} autosize minRows={3} maxRows={10} value={form.practices} error={told(wrong["best_practices"])}
            onChange={(event) => set({ practices: event.currentTarget.value })}
          />
          <Textarea
            label={say("recipe.good_result")} description={say("recipe.field_lines")} autosize minRows={3} maxRows={10} value={form.good} error={told(wrong["good_result"])}
            onChange={(event) => set({ good: event.currentTarget.value })}
          />
        </SimpleGrid>
        <Input.Wrapper labelElement="div" label={say("recipe.field_code")} description={say("recipe.field_code_why")}>
          <RecipeCode label={say("recipe.field_code")} value={form.code} onChange={(code) => set({ code })} />
        </Input.Wrapper>
        {hasComments(form.code) && <Text size="sm" c="dimmed" role="status">{say("recipe.comments")}</Text>}
        {save.error instanceof Unreadable && <Input.Error role="alert">{say("recipe.code_wrong", { why: save.error.message })}</Input.Error>}
        {wrong["code"]?.map(({ path, message }) => (
          <Input.Error key={path + message} role="alert" lang="en" style={{ overflowWrap: "anywhere" }}>
            <code>{path}</code>: {message}
          </Input.Error>
        ))}
        {problem && problem.status !== 412 && Object.keys(wrong).length === 0 && <ProblemAlert error={problem} />}
        <Group>
          <Button type="submit" loading={save.isPending} disabled={changed || !draft}>
            {say("action.save")}
          </Button>
          {draft && (
            <Button variant="default" onClick={() => sure("recipe.discard", drop)}>
              {say("recipe.discard")}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

/** Saves what is written over the version that it was begun with. */
function useSave({ view: { id, recipe } }: Known, saved: (sent: Written, etag: string | null) => void) {
  const { say } = useWords();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (sent: Written) => await storeRecipe(id, sent.etag, recipeOf(sent, recipe)),
    onSuccess: async (etag, sent) => {
      await queries.invalidateQueries({ queryKey: ["recipe", id] });
      saved(sent, etag);
      void queries.invalidateQueries({ queryKey: ["recipes"] });
      notifications.show({ color: "green", message: say("recipe.saved") });
    },
    // Over when the other version is there.
    onError: async (error) => {
      if (error instanceof Problem && error.status === 412) await queries.invalidateQueries({ queryKey: ["recipe", id] });
    },
  });
}
