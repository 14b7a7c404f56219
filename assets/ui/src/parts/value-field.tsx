// The field for a value of a variable or a parameter, by its kind.

import { NumberInput, PasswordInput, Select, Switch, Textarea, TextInput } from "@mantine/core";

import type { Parameter } from "~/api/schema";
import { useWords } from "~/i18n";

import { either, type Fits, isFlag, isNumber, isText, recordOf } from "./fits";

export type Value = string | number | boolean;
/** Values that were given, by name. */
export type Values = Record<string, Value>;
export const isValues: Fits<Values> = recordOf(either(isText, either(isNumber, isFlag)));

interface Props {
  parameter: Parameter;
  /** The value; undefined where the default holds. */
  value: Value | undefined;
  set: (value: Value | undefined) => void;
  error?: string;
  /** Whether it may stay open even where it has no default. */
  optional?: boolean;
}

const shown = (value: unknown) => (value == null ? undefined : String(value));

export function ValueField({ parameter, value, set, error, optional }: Props) {
  const { say } = useWords();
  const { type, name, help, unit, choices } = parameter;
  const common = {
    label: unit && unit !== name ? `${name} (${unit})` : name,
    description: help,
    error: error && <span lang="en">{error}</span>,
    required: Boolean(parameter.required) && !optional,
    placeholder: shown(parameter.default) ?? (parameter.example == null ? undefined : say("values.example", { example: String(parameter.example) })),
  };
  const text = { ...common, value: shown(value) ?? "", onChange: (event: { currentTarget: { value: string } }) => set(event.currentTarget.value || undefined) };
  if (type === "choice") {
    return <Select {...common} data={choices ?? []} value={shown(value) ?? null} onChange={(picked) => set(picked ?? undefined)} clearable clearButtonProps={{ "aria-label": say("values.clear", { name }) }} />;
  }
  if (type === "boolean") {
    return <Switch label={common.label} description={help} error={common.error} checked={Boolean(value ?? parameter.default)} onChange={(event) => set(event.currentTarget.checked)} />;
  }
  if (type === "integer" || type === "number") {
    const bounds = { min: bound(parameter.min), max: bound(parameter.max) };
    // What is no number yet, such as a minus alone, stays as it is written, and the server says so.
    return <NumberInput {...common} {...bounds} clampBehavior="none" allowDecimal={type === "number"} value={typeof value === "boolean" ? "" : (value ?? "")} onChange={(given) => set(given === "" ? undefined : given)} />;
  }
  if (type === "secret") return <PasswordInput {...text} />;
  if (type === "duration") return <TextInput {...text} />;
  return <Textarea {...text} autosize minRows={1} maxRows={12} />;
}

const bound = (value: unknown) => (typeof value === "number" ? value : undefined);
