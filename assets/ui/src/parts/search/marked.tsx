// A text with the places marked where the words stand that were asked for.

import { Mark } from "@mantine/core";
import type { ReactNode } from "react";

import type { Marked as Told } from "~/api/schema";

/** Places are counted in characters of Unicode, and a string of this language in halves of some of them. */
export function Marked({ told }: { told: Told }) {
  const characters = Array.from(told.text);
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [from = 0, to = 0] of told.marks) {
    if (from < at || to <= from) continue;
    parts.push(characters.slice(at, from).join(""), <Mark key={from}>{characters.slice(from, to).join("")}</Mark>);
    at = to;
  }
  parts.push(characters.slice(at).join(""));
  return <>{parts}</>;
}
