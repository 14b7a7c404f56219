// What is wrong with the text: what cannot be read is found here, everything else by the server.

import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { answer, api } from "~/api/client";
import type { DocumentError, FieldError } from "~/api/schema";

import { isReading, lineOf, type Reading, type Unreadable, untold } from "./document";

/** Something that is wrong in a place. */
export interface Trouble {
  path: string;
  line: number;
  column: number;
  message: string;
  /** Whether the test is right, and only may not be started here. */
  obstacle: boolean;
}

export interface Checked {
  /** The text that was looked at. */
  text: string;
  errors: DocumentError[];
  obstacles: FieldError[];
}

/** How long nobody may have typed, in ms. */
const PAUSE_MS = 200;

/** What the server says of a text that stands still; what it said of the one before holds until then. */
export function useChecked(text: string, wanted: boolean) {
  const [still] = useDebouncedValue(text, PAUSE_MS);
  const { data, error, refetch } = useQuery({
    queryKey: ["validate", still],
    queryFn: async ({ signal }): Promise<Checked> => {
      const { errors, obstacles } = await answer(api.POST("/api/maid/validate", { body: { loadtest: still }, signal }));
      return { text: still, errors, obstacles };
    },
    enabled: wanted && still === text,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 0,
  });
  return { checked: data ?? null, error, again: () => void refetch() };
}

/** All that is wrong, with its lines. */
export function useTroubles(text: string, read: Reading | Unreadable, checked: Checked | null, refused: FieldError[]): Trouble[] {
  return useMemo(() => {
    if (!isReading(read)) return [{ path: "", line: read.line, column: read.column, message: read.message, obstacle: false }];
    const errors = checked?.errors ?? [];
    const told: (DocumentError & { obstacle: boolean })[] = errors.map((error) => ({ ...error, obstacle: false }));
    // Lines move while somebody types; places do not.
    const fresh = checked?.text === text;
    // The start knows more than who looks ahead, and tells it without a line.
    for (const one of [...refused, ...(checked?.obstacles ?? [])]) if (!told.some(({ path }) => path === one.path)) told.push({ ...one, obstacle: true });
    return told.map(({ path, line, column, message, suggestion, obstacle }) => ({
      obstacle,
      path: missing(path, message),
      line: (fresh ? line : null) ?? lineOf(read, untold(path)),
      column: (fresh ? column : null) ?? 1,
      message: suggestion ? `${message} (${suggestion}?)` : message,
    }));
  }, [text, read, checked, refused]);
}

/** What is missing is told beside its own field, not beside what it is missing in. */
function missing(path: string, message: string): string {
  const [, key] = /^`(\w+)` is missing$/.exec(message) ?? [];
  return key ? `${path}${path ? "." : ""}${key}` : path;
}
