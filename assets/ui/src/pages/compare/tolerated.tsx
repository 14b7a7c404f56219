// How much worse B may be: empty, or a number of percent.

import { TextInput } from "@mantine/core";
import { useState } from "react";

import { useWords } from "~/i18n";
import { useTypedInAddress } from "~/parts/typed-in-address";

import { percent } from "./view";

interface Props {
  value: number | undefined;
  change: (value: number | undefined) => void;
}

export function Tolerated({ value, change }: Props) {
  const { say } = useWords();
  // What is written as "2,50" stays so, although the address says 2.5.
  const [last, note] = useState("");
  const there = value !== undefined && percent(last) === value ? last : String(value ?? "");
  const [text, type] = useTypedInAddress(there, (typed) => {
    const now = percent(typed);
    // What cannot be read is told here, and goes nowhere.
    if (now === null) return;
    note(typed);
    change(now);
  });
  return (
    <TextInput
      className="no-print" styles={{ wrapper: { maxWidth: "9rem" } }} inputMode="decimal" autoComplete="off"
      label={say("compare.tolerated")} description={say("compare.tolerated_why")} placeholder={say("compare.tolerated_none")}
      value={text} onChange={(event) => type(event.currentTarget.value)} error={percent(text) === null ? say("compare.tolerated_wrong") : undefined}
    />
  );
}
