// What people read about a recipe; its parameters and its LoadTest are written as code.

import { Select, SimpleGrid, Stack, TagsInput, Text, Textarea, type TextareaProps } from "@mantine/core";

import { fill, list, type Place, told } from "~/editor/document";
import { plain, textual, useEditing, useSet, useTrouble, useValue, useWritten } from "~/editor/editing";
import { Field, InCode } from "~/editor/fields";
import { useWords } from "~/i18n";
import { categories } from "~/pages/recipes/view";

const known = ["title", "summary", "category", "tags", "best_practices", "good_result"];

export function EditForm() {
  const { say } = useWords();
  return (
    <Stack>
      <Field place={["title"]} stays label={say("recipe.field_title")} required maxLength={200} />
      <Area place={["summary"]} label={say("recipe.field_summary")} required maxLength={2000} minRows={2} maxRows={8} />
      <SimpleGrid cols={{ base: 1, xl: 2 }}>
        <Category />
        <Tags />
        <Rows place={["best_practices"]} label={say("recipe.best_practices")} />
        <Rows place={["good_result"]} label={say("recipe.good_result")} />
      </SimpleGrid>
      <InCode place={[]} known={known} />
      <Text size="sm" c="dimmed">{say("recipe.field_code_why")}</Text>
    </Stack>
  );
}

/** Sets a list of texts. */
function useFill(place: Place): (texts: string[]) => void {
  const { change } = useEditing();
  return (texts) => change(told(place), (document) => fill(document, place, texts));
}

interface AreaProps extends Omit<TextareaProps, "value" | "onChange"> {
  place: Place;
}

function Area({ place, ...rest }: AreaProps) {
  const [value, set] = [useValue(place), useSet(place)];
  const { text, write } = useWritten(value, plain, textual, set);
  return <Textarea autosize {...rest} value={text} onChange={(event) => write(event.currentTarget.value)} error={useTrouble(place)} />;
}

/** A list of texts, each on a line of its own. */
function Rows({ place, label }: { place: Place; label: string }) {
  const { say } = useWords();
  const [value, set] = [useValue(place), useFill(place)];
  const lines = (text: string) => text.split("\n").map((line) => line.trim()).filter(Boolean);
  const { text, write } = useWritten(list(value).map(plain), (rows) => rows.join("\n"), lines, set);
  return (
    <Textarea
      label={label} description={say("recipe.field_lines")} autosize minRows={3} maxRows={10}
      value={text} onChange={(event) => write(event.currentTarget.value)} error={useTrouble(place, true)}
    />
  );
}

function Category() {
  const { say } = useWords();
  const [value, set] = [useValue(["category"]), useSet(["category"])];
  return (
    <Select
      label={say("recipes.category")} allowDeselect={false} value={typeof value === "string" ? value : null}
      data={categories.map((value) => ({ value, label: say(`recipes.category.${value}`) }))}
      onChange={(category) => category && set(category)} error={useTrouble(["category"])}
    />
  );
}

function Tags() {
  const { say } = useWords();
  const [value, set] = [useValue(["tags"]), useFill(["tags"])];
  return (
    <TagsInput
      label={say("recipe.field_tags")} description={say("recipe.field_tags_why")} inputWrapperOrder={["label", "input", "description", "error"]}
      maxTags={20} acceptValueOnBlur value={list(value).map(plain)} onChange={set} error={useTrouble(["tags"], true)}
    />
  );
}
