// What a link or a preset leads to: a recipe with values, or a LoadTest that somebody pastes.

import { Fieldset, Loader, SegmentedControl, Select, Stack, Text, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api, Problem } from "~/api/client";
import { useWords } from "~/i18n";
import { fieldsOf, isOneOf, isText } from "~/parts/fits";
import { ProblemAlert } from "~/parts/problem";
import { isValues, ValueField, type Values } from "~/parts/value-field";

import { presetsQuery } from "./view";

const kinds = ["recipe", "preset", "loadtest"] as const;
export type Source = (typeof kinds)[number];

export interface Content {
  source: Source;
  recipe: string;
  values: Values;
  preset: string;
  loadtest: string;
}

export const isContent = fieldsOf<Content>({ source: isOneOf(kinds), recipe: isText, values: isValues, preset: isText, loadtest: isText });

export const nothing: Content = { source: "recipe", recipe: "", values: {}, preset: "", loadtest: "" };

/** As the server takes it. */
export function told({ source, recipe, values, preset, loadtest }: Content) {
  if (source === "recipe") return { recipe_id: recipe, parameters: values };
  return source === "preset" ? { preset } : { loadtest };
}

/** What the server says about a field. */
export type Said = (path: string) => string | undefined;

export function saidOf(error: unknown): Said {
  const errors = error instanceof Problem && error.status === 422 ? error.errors : [];
  return (path) => errors.find((one) => one.path === path)?.message;
}

const OTHERS = /^(title|expires_at|max_uses|name|description|recipe_id|preset)$|^parameters\./;

interface Props {
  content: Content;
  sources: Source[];
  set: (change: Partial<Content>) => void;
  error: unknown;
}

export function ContentFields({ content, sources, set, error }: Props) {
  const { say } = useWords();
  const said = saidOf(error);
  return (
    <Stack gap="sm">
      <div>
        <Text size="sm" fw={500} mb={4} id="leads-to">{say("link.from")}</Text>
        <SegmentedControl
          fullWidth styles={{ label: { paddingInline: 4 } }} aria-labelledby="leads-to" value={content.source} onChange={(source) => set({ source: source as Source })}
          data={sources.map((source) => ({ value: source, label: say(`links.kind.${source}`) }))}
        />
      </div>
      {content.source === "recipe" && <RecipeFields content={content} set={set} said={said} />}
      {content.source === "preset" && <PresetField preset={content.preset} set={set} error={said("preset")} />}
      {content.source === "loadtest" && <LoadTestField text={content.loadtest} set={set} error={error} />}
    </Stack>
  );
}

function RecipeFields({ content, set, said }: { content: Content; set: Props["set"]; said: Said }) {
  const { say } = useWords();
  const chosen = useQuery({
    queryKey: ["recipe", content.recipe, "for-link"],
    enabled: content.recipe !== "",
    queryFn: () => answer(api.GET("/api/maid/recipes/{id}", { params: { path: { id: content.recipe } } })),
  });
  const [typed, type] = useState("");
  const [words] = useDebouncedValue(typed.trim(), 200);
  const title = chosen.data?.title;
  // What stands in the field once one is chosen is no search.
  const wanted = words === title ? "" : words;
  const found = useQuery({
    queryKey: ["recipes", "for-link", wanted],
    queryFn: ({ signal }) =>
      wanted
        ? answer(api.GET("/api/maid/recipes/search", { params: { query: { q: wanted, limit: 50 } }, signal }))
        : answer(api.GET("/api/maid/recipes", { params: { query: { limit: 50 } }, signal })),
    placeholderData: keepPreviousData,
  });
  const options = new Map(found.data?.items.map((one) => [one.id, one.title]));
  if (content.recipe) options.set(content.recipe, title ?? content.recipe);
  const parameters = chosen.data?.recipe.parameters?.filter((one) => one.type !== "secret") ?? [];
  const setValue = (name: string, value: Values[string] | undefined) => {
    const { [name]: _, ...others } = content.values;
    set({ values: value === undefined ? others : { ...others, [name]: value } });
  };
  return (
    <>
      <Select
        label={say("link.recipe")} placeholder={say("link.recipe_pick")} required searchable nothingFoundMessage={say("link.recipe_none")}
        data={[...options].map(([value, label]) => ({ value, label }))} filter={({ options: all }) => all} maxDropdownHeight={240}
        searchValue={typed} onSearchChange={type} value={content.recipe || null} onChange={(recipe) => set({ recipe: recipe ?? "", values: {} })}
        rightSection={found.isFetching && typed ? <Loader size={16} /> : undefined} error={said("recipe_id") && <span lang="en">{said("recipe_id")}</span>}
      />
      {chosen.error && <ProblemAlert error={chosen.error} />}
      {parameters.length > 0 && (
        <Fieldset legend={say("link.parameters")}>
          <Text size="sm" c="dimmed" mb="xs">{say("link.parameters_why")}</Text>
          <Stack gap="sm">
            {parameters.map((one) => (
              <ValueField key={one.name} parameter={one} optional value={content.values[one.name]} set={(value) => setValue(one.name, value)} error={said(`parameters.${one.name}`)} />
            ))}
          </Stack>
        </Fieldset>
      )}
    </>
  );
}

function PresetField({ preset, set, error }: { preset: string; set: Props["set"]; error?: string }) {
  const { say } = useWords();
  const { data } = useInfiniteQuery(presetsQuery);
  const names = new Set(data?.pages.flatMap((page) => page.items.map(({ name }) => name)));
  if (preset) names.add(preset);
  if (data && names.size === 0) return <Text size="sm">{say("link.preset_none")}</Text>;
  return (
    <Select
      label={say("link.preset")} description={say("link.preset_why")} required searchable data={[...names]} value={preset || null}
      onChange={(name) => set({ preset: name ?? "" })} error={error && <span lang="en">{error}</span>}
    />
  );
}

function LoadTestField({ text, set, error }: { text: string; set: Props["set"]; error: unknown }) {
  const { say } = useWords();
  const errors = error instanceof Problem && error.status === 422 ? error.errors.filter(({ path }) => !OTHERS.test(path)) : [];
  const wrong = errors.map(({ path, message }) => <span key={path + message} lang="en" style={{ display: "block" }}>{path ? `${path}: ${message}` : message}</span>);
  return (
    <Textarea
      label={say("link.loadtest")} required autosize minRows={8} maxRows={18} spellCheck={false} value={text} onChange={(event) => set({ loadtest: event.currentTarget.value })}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }} error={wrong.length > 0 && wrong}
    />
  );
}
