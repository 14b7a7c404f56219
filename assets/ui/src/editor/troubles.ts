// All that is said of a test that is written, with its lines.

import type { DocumentError, FieldError, Obstacle } from "~/api/schema";

import { isReading, lineOf, type Reading, type Unreadable, untold } from "./document";

/** Something that is said of a place. */
export interface Trouble {
  path: string;
  line: number;
  column: number;
  message: string;
  /** Wrong; right, and refused at the start; or refused if a name leads elsewhere than somebody knows. */
  kind: "wrong" | "refused" | "perhaps";
}

export interface Checked {
  /** The text that was looked at. */
  text: string;
  errors: DocumentError[];
  obstacles: Obstacle[];
}

/** What the start said of the text, once somebody has tried. */
export interface Refused {
  /** Whether the document is what it refused. */
  wrong: boolean;
  errors: FieldError[];
}

type Said = Partial<DocumentError> & FieldError & Pick<Trouble, "kind">;

export function troublesOf(text: string, read: Reading | Unreadable, checked: Checked | null, refused: Refused | null): Trouble[] {
  if (!isReading(read)) return [{ path: "", line: read.line, column: read.column, message: read.message, kind: "wrong" }];
  const said: Said[] = (checked?.errors ?? []).map((error) => ({ ...error, kind: "wrong" }));
  const add = (more: Said[]) => {
    const known = new Set(said.map(({ path }) => path));
    said.push(...more.filter(({ path }) => !known.has(path)));
  };
  // The start knows more than who looks ahead.
  add((refused?.errors ?? []).map((error) => ({ ...error, kind: refused?.wrong ? "wrong" : "refused" })));
  add((checked?.obstacles ?? []).map(({ certain, ...obstacle }) => ({ ...obstacle, kind: certain ? "refused" : "perhaps" })));
  // Lines move while somebody types; places do not.
  const fresh = checked?.text === text;
  return said.map(({ path, line, column, message, suggestion, kind }) => ({
    path: missing(path, message),
    line: (fresh ? line : null) ?? lineOf(read, untold(path)),
    column: (fresh ? column : null) ?? 1,
    message: suggestion ? `${message} (${suggestion}?)` : message,
    kind,
  }));
}

/** What is missing is told beside its own field, not beside what it is missing in. */
function missing(path: string, message: string): string {
  const [, key] = /^`(\w+)` is missing$/.exec(message) ?? [];
  return key ? `${path}${path ? "." : ""}${key}` : path;
}
