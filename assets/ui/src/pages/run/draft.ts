// Where a test begins, and what is kept of it in this browser.

import { read, recall, retain } from "~/parts/kept";

/** A text that another page has put there for this one. */
const HANDED = "maid.handed";

const draft = (who: string) => `maid.draft.run.${who}`;
const before = (who: string) => `maid.draft.run.${who}.before`;
/** Why the one put aside is offered, until that is taken or dismissed. */
const offer = (who: string) => `maid.draft.run.${who}.offer`;
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

/** Of each draft what this page has found and kept there: another text is that of another tab. */
const own = new Map<string, (string | null)[]>();

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
export function begin(who: string): string {
  const kept = recall(draft(who));
  const handed = carried ?? inTab((tab) => tab.getItem(HANDED));
  const text = handed ?? kept ?? example;
  own.set(who, [kept, read(draft(who))]);
  if (isWritten(who, kept) && kept !== text) putAside(who, kept);
  if (handed !== null) retain(origin(who), handed, false);
  return text;
}

/** Whether somebody has written a text, and not only begun with it. */
const isWritten = (who: string, text: string | null): text is string => text !== null && text !== example && text !== recall(origin(who));

/** What was handed over has arrived. */
export function arrived(): void {
  carried = null;
  inTab((tab) => tab.removeItem(HANDED));
}

/** Where what would be missed is kept: what is written, and what has given way to it. */
export const places = (who: string): [string, string] => [draft(who), before(who)];
export const aside = (who: string): string | null => recall(before(who));

/** Keeps a draft. What another tab has kept there since gives way as well, and is put aside. */
export function keep(who: string, text: string): void {
  const place = draft(who);
  const there = read(place);
  if (isWritten(who, there) && there !== text && !own.get(who)?.includes(there)) putAside(who, there, "tab");
  // Nobody has written the example.
  retain(place, text, text !== example);
  own.set(who, [text, read(place)]);
}

/** Why a draft was put aside: for another text, or because two tabs write. */
export type Offer = "text" | "tab";

/** Puts a text aside and offers it; nobody wants the example back in place of what was put aside before. */
export function putAside(who: string, text: string, why: Offer = "text"): void {
  if (text === example) return;
  retain(before(who), text);
  retain(offer(who), why, false);
}

/** Whether what was put aside is still offered, and why. */
export function offered(who: string): Offer | null {
  const why = recall(offer(who));
  return aside(who) === null || why === null ? null : why === "tab" ? "tab" : "text";
}

/** It is offered no more, and stays where it is. */
export const dismiss = (who: string): void => retain(offer(who), null);
