// A field for the value of a parameter, by its type.

import { PasswordInput, Select, Switch, TextInput } from "@mantine/core";

import type { Parameter } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

interface Props {
  parameter: Parameter;
  value: string | boolean | undefined;
  onChange: (value: string | boolean | undefined) => void;
  error?: string;
}

export function ParameterField({ parameter, value, onChange, error }: Props) {
  const { say } = useWords();
  const { name, type, unit, required, choices } = parameter;
  const limits = useLimits(parameter);
  const common = {
    label: unit && unit !== name ? `${name} (${unit})` : name,
    description: <Help help={parameter.help} more={limits} />,
    error: error && <span lang="en">{error}</span>,
  };
  // Fields of a row stand beside each other, however much is said of each.
  const below = { ...common, inputWrapperOrder: ["label", "input", "description", "error"] as ["label", "input", "description", "error"] };
  if (type === "boolean") {
    return <Switch {...common} pt={{ sm: 28 }} checked={Boolean(value ?? parameter.default)} onChange={(event) => onChange(event.currentTarget.checked)} />;
  }
  if (type === "choice") {
    const shown = value ?? parameter.default;
    return (
      <Select
        {...below} required={required} data={choices ?? []} allowDeselect={false} value={shown == null ? null : String(shown)} placeholder={placeholder(parameter, say)}
        onChange={(chosen) => onChange(chosen ?? undefined)}
      />
    );
  }
  const text = {
    ...below,
    required,
    placeholder: type === "secret" ? undefined : placeholder(parameter, say),
    value: String(value ?? ""),
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value || undefined),
  };
  if (type === "secret") return <PasswordInput {...text} autoComplete="new-password" />;
  const counts = type === "integer" || type === "number";
  return <TextInput {...text} inputMode={counts ? "decimal" : undefined} autoComplete="off" spellCheck={false} />;
}

function placeholder({ default: otherwise, example }: Parameter, say: ReturnType<typeof useWords>["say"]): string | undefined {
  if (otherwise != null) return String(otherwise);
  return example == null ? undefined : say("recipe.example", { value: String(example) });
}

function Help({ help, more }: { help?: string; more: string }) {
  return (
    <>
      {help && <span lang="en">{help}</span>} {more}
    </>
  );
}

/** Bounds, and what becomes of a secret, as words. */
function useLimits({ type, min, max, default: otherwise }: Parameter): string {
  const { say, language } = useWords();
  const tell = figures(language);
  const told = (bound: unknown) => (typeof bound === "number" ? tell.rate(bound) : String(bound));
  const parts: string[] = [];
  if (min != null && max != null) parts.push(say("recipe.bounds", { min: told(min), max: told(max) }));
  else if (min != null) parts.push(say("recipe.at_least", { min: told(min) }));
  else if (max != null) parts.push(say("recipe.at_most", { max: told(max) }));
  if (type === "secret") parts.push(say(otherwise != null ? "recipe.secret_default" : "recipe.secret"));
  return parts.length > 0 ? `(${parts.join("; ")})` : "";
}
