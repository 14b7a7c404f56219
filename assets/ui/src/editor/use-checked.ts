// What the server says of a text, each time that somebody pauses.

import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import type { Checked } from "./troubles";

/** How long nobody may have typed, in ms. */
const PAUSE_MS = 200;
/** What may be started changes with the settings of the server: whoever comes back to the page asks again. */
const FRESH_MS = 10_000;

/** Asks the server what is wrong with a text, and what else is to be said of it. */
type Check = (text: string, signal: AbortSignal) => Promise<Omit<Checked, "text">>;

/** What the server says of a text that stands still; what it said of the one before holds until then. `kind` tells texts of one kind. */
export function useChecked(kind: string, text: string, wanted: boolean, check: Check) {
  const [still] = useDebouncedValue(text, PAUSE_MS);
  const { data, error, refetch } = useQuery({
    queryKey: ["validate", kind, still],
    queryFn: async ({ signal }): Promise<Checked> => ({ text: still, ...(await check(still, signal)) }),
    enabled: wanted && still === text,
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS,
    gcTime: 0,
  });
  return { checked: data ?? null, error, again: () => void refetch() };
}
