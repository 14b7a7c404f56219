// Tests like the one of a run, out of the runs that the search finds.

import type { SearchHit } from "~/api/schema";
import type { Key } from "~/i18n";

export interface Like {
  /** The run of it that is most alike. */
  hit: SearchHit;
  /** How many others of its runs were found. */
  others: number;
}

/** One of each test, the most alike first: a test that runs every night is not all that there is. */
export function testsOf(hits: SearchHit[]): Like[] {
  const tests = new Map<string, Like>();
  for (const hit of hits) {
    const known = tests.get(hit.title.text);
    if (known) known.others += 1;
    else tests.set(hit.title.text, { hit, others: 0 });
  }
  return [...tests.values()];
}

/** By what they are alike; nothing where that is not told. */
export function alikeBy({ ranks: { text, meaning } }: SearchHit): Key | null {
  if (text != null && meaning != null) return "like.by_both";
  return text != null ? "like.by_words" : meaning != null ? "like.by_meaning" : null;
}
