// The lines in which two versions of a recipe differ.

import { Code, Text } from "@mantine/core";

import { useWords } from "~/i18n";
import { difference } from "~/parts/difference";

import classes from "./recipe.module.css";

const signs = { same: "  ", added: "+ ", removed: "- ", skipped: "…" };

export function Differing({ label, before, after }: { label: string; before: string; after: string }) {
  const { say } = useWords();
  const lines = difference(before, after);
  if (lines.length === 0) return <Text>{say("recipe.same")}</Text>;
  return (
    <Code block className={classes.difference} tabIndex={0} role="region" aria-label={label}>
      {lines.map(({ kind, text }, at) => (
        <span key={at} className={classes[kind]}>
          {signs[kind] + text}
        </span>
      ))}
    </Code>
  );
}
