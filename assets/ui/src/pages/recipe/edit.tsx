// A change of a recipe: what is written stays here until it is saved, whoever else changes it meanwhile.

import { Alert, Button, Group, Input, Select, SimpleGrid, Stack, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";

import { Problem } from "~/api/client";
import type { Category, Recipe } from "~/api/schema";
import { useWords } from "~/i18n";
import { categories } from "~/pages/recipes/recipes";
import { useKeptDraft } from "~/parts/kept-draft";
import { ProblemAlert } from "~/parts/problem";
import RecipeCode from "~/parts/recipe-code";

import { Changed } from "./changed";
import { codeOf, type Known, readCode, storeRecipe } from "./model";

/** What stands in the form, and which version it was begun with. */
interface Written {
  etag: string | null;
  title: string;
  summary: string;
  category: Category;
  tags: string[];
  practices: string;
  good: string;
  code: string;
}

const written = ({ view: { recipe }, etag }: Known): Written => ({
  etag,
  title: recipe.title,
  summary: recipe.summary,
  category: recipe.category,
  tags: recipe.tags ?? [],
  practices: (recipe.best_practices ?? []).join("\n"),
  good: (recipe.good_result ?? []).join("\n"),
  code: codeOf(recipe),
});

const lines = (text: string) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** A code that cannot be read. */
class Unreadable extends Error {}

function recipeOf(form: Written, before: Recipe): Recipe {
  let code;
  try {
    code = readCode(form.code);
  } catch (error) {
    throw new Unreadable(error instanceof Error ? error.message : String(error));
  }
  const { title, summary, category, tags } = form;
  return { ...before, ...code, title, summary, category, tags, best_practices: lines(form.practices), good_result: lines(form.good) };
}

export default function Edit({ known }: { known: Known }) {
  const { say } = useWords();
  const { id, recipe } = known.view;
  const queries = useQueryClient();
  const codeId = useId();
  const [draft, keep] = useKeptDraft<Written>(`recipe.edit.${id}`);
  const form = draft ?? written(known);
  const set = (change: Partial<Written>) => keep({ ...form, ...change });
  const save = useMutation({
    mutationFn: (etag: string | null) => Promise.resolve().then(() => storeRecipe(id, etag, recipeOf(form, recipe))),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["recipe", id] });
      await queries.invalidateQueries({ queryKey: ["recipes"] });
      keep(null);
      notifications.show({ color: "green", message: say("recipe.saved") });
    },
    onError: (error) => {
      if (error instanceof Problem && error.status === 412) void queries.invalidateQueries({ queryKey: ["recipe", id] });
    },
  });
  const problem = save.error instanceof Problem ? save.error : null;
  const own = ["title", "summary", "category", "tags", "best_practices", "good_result"];
  const at = (field: string) => field === problem?.errors.find(({ path }) => path.split(/[.[]/)[0] === field)?.path.split(/[.[]/)[0];
  const wrong = (field: string) => at(field) && <span lang="en">{problem?.errors.filter(({ path }) => path.split(/[.[]/)[0] === field).map(({ message }) => message).join("; ")}</span>;
  const inCode = problem?.status === 422 ? problem.errors.filter(({ path }) => !own.includes(path.split(/[.[]/)[0] ?? "")) : [];
  const unreadable = save.error instanceof Unreadable ? say("recipe.code_wrong", { why: save.error.message }) : null;
  // Somebody saved after this was begun: told at once, and not only when it is refused.
  const changed = problem?.status === 412 || (draft !== null && draft.etag !== known.etag && !save.isPending && !save.isSuccess);
  return (
    <Stack component="form" onSubmit={(event) => (event.preventDefault(), save.mutate(form.etag))}>
      {draft && !changed && <Text size="sm" c="dimmed" role="status">{say("recipe.draft")}</Text>}
      {changed && <Changed known={known} take={() => (keep(null), save.reset())} force={() => (set({ etag: known.etag }), save.mutate(known.etag))} />}
      <TextInput label={say("recipe.field_title")} required maxLength={200} value={form.title} error={wrong("title")} onChange={(event) => set({ title: event.currentTarget.value })} />
      <Textarea label={say("recipe.field_summary")} required maxLength={2000} autosize minRows={2} maxRows={8} value={form.summary} error={wrong("summary")} onChange={(event) => set({ summary: event.currentTarget.value })} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label={say("recipes.category")} allowDeselect={false} value={form.category} data={categories.map((value) => ({ value, label: say(`recipes.category.${value}`) }))}
          onChange={(category) => category && set({ category: category as Category })} error={wrong("category")}
        />
        <TagsInput label={say("recipe.field_tags")} description={say("recipe.field_tags_why")} inputWrapperOrder={["label", "input", "description", "error"]} maxTags={20} value={form.tags} onChange={(tags) => set({ tags })} error={wrong("tags")} />
        <Textarea label={say("recipe.best_practices")} description={say("recipe.field_lines")} autosize minRows={3} maxRows={10} value={form.practices} error={wrong("best_practices")} onChange={(event) => set({ practices: event.currentTarget.value })} />
        <Textarea label={say("recipe.good_result")} description={say("recipe.field_lines")} autosize minRows={3} maxRows={10} value={form.good} error={wrong("good_result")} onChange={(event) => set({ good: event.currentTarget.value })} />
      </SimpleGrid>
      <Input.Wrapper labelElement="div" id={codeId} label={say("recipe.field_code")} description={say("recipe.field_code_why")} error={unreadable}>
        <RecipeCode label={say("recipe.field_code")} value={form.code} onChange={(code) => set({ code })} />
      </Input.Wrapper>
      {inCode.length > 0 && (
        <Alert color="red" role="alert" lang="en">
          {inCode.map(({ path, message }) => (
            <Text key={path + message} size="sm" style={{ overflowWrap: "anywhere" }}>
              <code>{path}</code>: {message}
            </Text>
          ))}
        </Alert>
      )}
      {problem && problem.status !== 412 && !(problem.status === 422 && problem.errors.length > 0) && <ProblemAlert error={problem} />}
      <Group>
        <Button type="submit" loading={save.isPending} disabled={changed || !draft}>
          {say("action.save")}
        </Button>
        {draft && (
          <Button variant="default" onClick={() => (keep(null), save.reset())}>
            {say("recipe.discard")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
