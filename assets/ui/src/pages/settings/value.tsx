// A value of the configuration, to be read.

import { Code, Text } from "@mantine/core";

import { useWords } from "~/i18n";

import type { Json, Setting } from "./schema";

/** Numbers and words of up to so many characters are not broken. */
const SHORT = 16;

interface Props {
  setting?: Setting;
  value: Json | undefined;
  /** Within a line of small text. */
  small?: boolean;
}

export function Value({ setting, value, small }: Props) {
  const { say } = useWords();
  const size = small ? "xs" : "sm";
  const empty = value == null || value === "" || (Array.isArray(value) && value.length === 0);
  if (setting?.kind === "secret") {
    const unset = empty || JSON.stringify(value) === "{}";
    return <Text span size={size}>{say(unset ? "config.secret_unset" : "config.secret_set")}</Text>;
  }
  if (empty) return <Text span size={size} c="dimmed">{say("config.none")}</Text>;
  if (typeof value === "boolean") return <Text span size={size}>{say(value ? "config.on" : "config.off")}</Text>;
  const text = typeof value === "object" ? (isTexts(value) ? value.join(", ") : JSON.stringify(value)) : String(value);
  return <Code fz={size} style={{ overflowWrap: text.length > SHORT ? "anywhere" : undefined }}>{text}</Code>;
}

const isTexts = (value: Json): value is string[] => Array.isArray(value) && value.every((one) => typeof one === "string");
