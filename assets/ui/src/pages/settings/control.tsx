// The control that fits a setting.

import { JsonInput, NumberInput, Select, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";

import { useWords } from "~/i18n";

import { Prose } from "./prose";
import type { Json, Setting } from "./schema";
import { same } from "./values";

interface Props {
  setting: Setting;
  value: Json;
  change: (value: Json) => void;
  label: ReactNode;
  error?: ReactNode;
  disabled?: boolean;
}

const WIDTH = 440;
/** What is written in does not hide behind the bar below. */
const CLEAR = { scrollMarginBlockEnd: "96px" };
const ORDER: ("label" | "description" | "input" | "error")[] = ["label", "description", "input", "error"];

export function Control({ setting, value, change, label, error, disabled }: Props) {
  const { say } = useWords();
  const { key, kind, example } = setting;
  const description = <Prose text={setting.says} />;
  const shared = { label, description, error, disabled, "data-key": key, inputWrapperOrder: ORDER };
  // What is fixed is still to be read.
  const legible = disabled ? { opacity: 1, color: "var(--mantine-color-text)" } : {};
  const wide = { ...shared, styles: { wrapper: { maxWidth: WIDTH }, input: { ...legible, ...CLEAR } } };
  switch (kind) {
    case "switch":
      return (
        <Switch
          label={label} description={description} error={error} disabled={disabled} data-key={key} checked={value === true} styles={{ label: legible, input: CLEAR }}
          onChange={(event) => change(event.currentTarget.checked)}
        />
      );
    case "number":
      return (
        <NumberInput
          {...wide} value={typeof value === "number" ? value : ""} allowDecimal={!setting.whole} allowNegative={(setting.min ?? -1) < 0}
          min={setting.min} max={setting.max} clampBehavior="none" step={setting.whole ? 1 : 0.1}
          allowedDecimalSeparators={[".", ","]} onChange={(now) => change(now === "" || Number.isNaN(Number(now)) ? null : Number(now))}
        />
      );
    case "choice":
      return (
        <Select
          {...wide} data={setting.choices.map((choice) => choice.value)} value={typeof value === "string" ? value : null} allowDeselect={false}
          onChange={(now) => change(now)} renderOption={({ option }) => <Choice setting={setting} value={option.value} />}
        />
      );
    case "list":
      return (
        <Textarea
          {...wide} autosize minRows={2} maxRows={10} placeholder={example} description={<>{description} {say("config.one_a_line")}</>}
          value={Array.isArray(value) ? value.join("\n") : ""} onChange={(event) => change(lines(event.currentTarget.value))}
          onBlur={() => same(tidy(value), value) || change(tidy(value))} spellCheck={false}
        />
      );
    case "object":
      return <Whole {...wide} value={value} change={change} />;
    default:
      return (
        <TextInput
          {...wide} value={typeof value === "string" ? value : ""} placeholder={example} spellCheck={false} autoComplete="off"
          onChange={(event) => change(event.currentTarget.value === "" && setting.nullable ? null : event.currentTarget.value)}
        />
      );
  }
}

/** What was typed, empty lines included, so that a new line can be begun. */
const lines = (text: string): Json => (text === "" ? [] : text.split("\n"));
const tidy = (value: Json): Json => (Array.isArray(value) ? value.map((line) => String(line).trim()).filter(Boolean) : value);

function Choice({ setting, value }: { setting: Setting; value: string }) {
  const says = setting.choices.find((choice) => choice.value === value)?.says;
  return (
    <Stack gap={0}>
      <Text size="sm">{value}</Text>
      {says && <Text size="xs" c="dimmed">{says}</Text>}
    </Stack>
  );
}

/** A value that has no control of its own, as JSON. A text that is none is kept as a text until it is. */
function Whole({ value, change, ...input }: Pick<Props, "value" | "change" | "label" | "error" | "disabled">) {
  const [typed, setTyped] = useState<{ text: string; value: Json } | null>(null);
  const type = (text: string) => {
    const now = parsed(text);
    setTyped({ text, value: now });
    change(now);
  };
  // What was typed, unless the value has become another since.
  const text = typed && same(typed.value, value) ? typed.text : typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return <JsonInput {...input} value={text} onChange={type} autosize minRows={2} formatOnBlur />;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
