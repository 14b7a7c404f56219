// Tests like the one of a run, out of the runs that the search finds.

import type { SearchHit } from "~/api/schema";
import type { Key } from "~/i18n";

export interface Like {
  /** The run of it that is most alike. */
  hit: SearchHit;
  /** Whether there are others of its runs. */
  others: boolean;
}

/** One of each other test than `own`, the most alike first: a test that runs every night is not all that there is. */
export function testsOf(hits: SearchHit[], own: string): Like[] {
  const tests = new Map<string, Like>();
  for (const hit of hits.filter(({ title }) => title.text !== own)) {
    const known = tests.get(hit.title.text);
    if (known) known.others = true;
    else tests.set(hit.title.text, { hit, others: false });
  }
  return [...tests.values()];
}

/** By what they are alike; nothing where that is not told. */
export function alikeBy({ ranks: { text, meaning } }: SearchHit): Key | null {
  if (text != null && meaning != null) return "like.by_both";
  return text != null ? "like.by_words" : meaning != null ? "like.by_meaning" : null;
}
