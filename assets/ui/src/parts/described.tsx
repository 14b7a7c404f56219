// A picture in words, for whoever does not see it. Nothing is announced.

import { VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

import type { Say } from "~/i18n";

import { rangeOf } from "./summary";

/** While a run goes on, the words are renewed no more often. */
const SELDOM_MS = 4_000;

export function Described({ id, words }: { id: string; words: () => string }) {
  const [text, set] = useState(words);
  const latest = useRef(words);
  latest.current = words;
  const waits = useRef(0);
  useEffect(() => {
    waits.current ||= window.setTimeout(() => {
      waits.current = 0;
      set(latest.current());
    }, SELDOM_MS);
  });
  useEffect(
    () => () => {
      clearTimeout(waits.current);
      waits.current = 0;
    },
    [],
  );
  return <VisuallyHidden id={id}>{text}</VisuallyHidden>;
}

/** A line in words. */
export function lineInWords(say: Say, name: string, values: (number | null)[], tell: (value: number) => string): string {
  const range = rangeOf(values);
  if (!range) return say("chart.no_line", { name });
  return say("chart.line", { name, least: tell(range.least), most: tell(range.most), last: tell(range.last) });
}
