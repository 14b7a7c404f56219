// The variables of a prompt that is being written.

import { ActionIcon, Button, Fieldset, Group, Input, Select, SimpleGrid, Stack, Switch, TagsInput, TextInput, Title } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { ParameterType } from "~/api/schema";
import { useWords } from "~/i18n";

import { bounded, newVariable, type VariableForm } from "./form";

// A prompt is shown and handed on: it has no secrets.
const types: ParameterType[] = ["string", "integer", "number", "boolean", "choice", "duration"];
const MOST = 50;

interface Props {
  variables: VariableForm[];
  set: (variables: VariableForm[]) => void;
  about: (path: string) => ReactNode;
}

export function VariableFields({ variables, set, about }: Props) {
  const { say } = useWords();
  const change = (place: number, to: Partial<VariableForm>) => set(variables.map((one, index) => (index === place ? { ...one, ...to } : one)));
  return (
    <section>
      <Title order={2} size="h4" mb="xs">{say("prompt.variables")}</Title>
      <Stack gap="sm">
        {variables.map((variable, place) => (
          <Variable
            key={variable.key} variable={variable} change={(to) => change(place, to)}
            remove={() => set(variables.filter((one) => one !== variable))} about={(field) => about(`variables[${place}]${field && `.${field}`}`)}
          />
        ))}
        <Button
          variant="default" leftSection={<IconPlus size={16} aria-hidden />} style={{ alignSelf: "flex-start" }} disabled={variables.length >= MOST}
          onClick={() => set([...variables, newVariable()])}
        >
          {say("prompt.f.add")}
        </Button>
      </Stack>
    </section>
  );
}

interface One {
  variable: VariableForm;
  change: (to: Partial<VariableForm>) => void;
  remove: () => void;
  about: (field: string) => ReactNode;
}

function Variable({ variable, change, remove, about }: One) {
  const { say } = useWords();
  const { type, required } = variable;
  const text = (field: "name" | "help" | "default" | "example" | "min" | "max" | "unit", label: string) => (
    <TextInput label={label} value={variable[field]} onChange={(event) => change({ [field]: event.currentTarget.value })} error={about(field)} />
  );
  const given = required ? "example" : "default";
  return (
    <Fieldset legend={say("prompt.f.variable", { name: variable.name })}>
      <Stack gap="xs">
        <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="xs">
          {text("name", say("prompt.variable"))}
          <Select
            label={say("prompt.kind")} allowDeselect={false} value={type} error={about("type")}
            data={types.map((one) => ({ value: one, label: say(`prompt.type.${one}`) }))} onChange={(one) => one && change({ type: one as ParameterType })}
          />
        </SimpleGrid>
        {text("help", say("prompt.means"))}
        {type === "choice" && <TagsInput label={say("prompt.f.choices")} value={variable.choices} onChange={(choices) => change({ choices })} error={about("choices")} />}
        <SimpleGrid cols={{ base: 1, xs: bounded(type) ? 2 : 1 }} verticalSpacing="xs">
          {type === "boolean" ? (
            <Select
              label={say(required ? "prompt.f.example" : "prompt.default")} clearable clearButtonProps={{ "aria-label": say("values.clear", { name: variable.name }) }} value={variable[given] || null} error={about(given)}
              data={[{ value: "true", label: say("prompt.yes") }, { value: "false", label: say("prompt.no") }]} onChange={(one) => change({ [given]: one ?? "" })}
            />
          ) : (
            text(given, say(required ? "prompt.f.example" : "prompt.default"))
          )}
          {bounded(type) && text("min", say("prompt.f.min"))}
          {bounded(type) && text("max", say("prompt.f.max"))}
          {(type === "integer" || type === "number") && text("unit", say("prompt.f.unit"))}
        </SimpleGrid>
        {(about("") || about("required")) && <Input.Error>{about("")} {about("required")}</Input.Error>}
        <Group justify="space-between">
          <Switch label={say("prompt.f.required")} checked={required} onChange={(event) => change({ required: event.currentTarget.checked })} />
          <ActionIcon variant="subtle" color="red" size="lg" onClick={remove} aria-label={say("prompt.f.remove", { name: variable.name || say("prompt.variables") })}>
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </Group>
      </Stack>
    </Fieldset>
  );
}
