// Where a test begins, and what is kept of it in this browser.

import { recall, retain } from "~/parts/kept";

/** A text that another page has put there for this one. */
const HANDED = "maid.handed";

const draft = (who: string) => `maid.draft.run.${who}`;
const before = (who: string) => `maid.draft.run.${who}.before`;
/** The text that the draft began with. */
const origin = (who: string) => `maid.draft.run.${who}.origin`;

export const example = `version: 1
name: My first test
target:
  hosts: [http://127.0.0.1:43180]
load:
  users: 10
  hatch_rate: 5
  run_time: 15s
scenarios:
  - name: visitor
    think_time: { min: 200ms, max: 1s }
    transactions:
      - name: look around
        requests:
          - method: GET
            path: /products
            check:
              - status: 200
# What counts as a pass.
thresholds:
  - error_rate < 1%
  - p95 < 500ms
`;

/** What was handed over, also where the browser keeps nothing. */
let carried: string | null = null;

/** Where a tab keeps nothing, nothing is found there either. */
function inTab(use: (tab: Storage) => string | null | void): string | null {
  try {
    return use(sessionStorage) ?? null;
  } catch {
    return null;
  }
}

/** Gives a text to the page on which a test is written. */
export function hand(text: string): void {
  carried = text;
  inTab((tab) => {
    // An earlier one does not take its place, where there is no room for this one.
    tab.removeItem(HANDED);
    tab.setItem(HANDED, text);
  });
}

/** The text to begin with. A draft that gives way to another text is put aside. */
export function begin(who: string): { text: string; replaced: boolean } {
  const kept = recall(draft(who));
  const handed = carried ?? inTab((tab) => tab.getItem(HANDED));
  const text = handed ?? kept ?? example;
  const written = kept !== null && kept !== example && kept !== recall(origin(who));
  const replaced = written && kept !== text;
  if (replaced) keepIn(before(who), kept);
  if (handed !== null) retain(origin(who), handed, false);
  return { text, replaced };
}

/** What was handed over has arrived. */
export function arrived(): void {
  carried = null;
  inTab((tab) => tab.removeItem(HANDED));
}

/** Where what would be missed is kept: what is written, and what has given way to it. */
export const places = (who: string): [string, string] => [draft(who), before(who)];
export const keep = (who: string, text: string): void => keepIn(draft(who), text);
export const aside = (who: string): string | null => recall(before(who));
export const putAside = (who: string, text: string): void => keepIn(before(who), text);

/** Nobody has written the example. */
const keepIn = (place: string, text: string): void => retain(place, text, text !== example);
