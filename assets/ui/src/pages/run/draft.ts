// Where a test begins, and what is kept of it in this browser.

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

/** What was handed over, where the browser has no room for it. */
let carried: string | null = null;

/** Gives a text to the page on which a test is written. */
export function hand(text: string): void {
  carried = text;
  try {
    sessionStorage.setItem(HANDED, text);
  } catch {
    sessionStorage.removeItem(HANDED);
  }
}

/** The text to begin with. A draft that gives way to another text is put aside. */
export function begin(who: string): { text: string; replaced: boolean } {
  const kept = localStorage.getItem(draft(who));
  const handed = sessionStorage.getItem(HANDED) ?? carried;
  const text = handed ?? kept ?? example;
  const written = kept !== null && kept !== example && kept !== localStorage.getItem(origin(who));
  const replaced = written && kept !== text;
  if (replaced) keepIn(before(who), kept);
  if (handed !== null) keepIn(origin(who), handed);
  return { text, replaced };
}

/** What was handed over has arrived. */
export function arrived(): void {
  carried = null;
  sessionStorage.removeItem(HANDED);
}

export const keep = (who: string, text: string): void => keepIn(draft(who), text);
export const aside = (who: string): string | null => localStorage.getItem(before(who));
export const putAside = (who: string, text: string): void => keepIn(before(who), text);

function keepIn(place: string, text: string): void {
  try {
    localStorage.setItem(place, text);
  } catch {
    // The browser has no room for it; the page still has it.
  }
}
