// What the server says of the text, each time that somebody pauses.

import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { answer, api } from "~/api/client";

import type { Checked } from "./troubles";

/** How long nobody may have typed, in ms. */
const PAUSE_MS = 200;
/** What may be started changes with the settings of the server: whoever comes back to the page asks again. */
const FRESH_MS = 10_000;

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
    staleTime: FRESH_MS,
    gcTime: 0,
  });
  return { checked: data ?? null, error, again: () => void refetch() };
}
