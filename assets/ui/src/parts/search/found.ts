// What is found for what somebody types: asked for after a pause, answers to what was typed before are dropped.

import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import type { SearchHit, SearchKind } from "~/api/schema";

const [PAUSE_MS, MOST] = [180, 20];

export interface Group {
  kind: SearchKind;
  hits: SearchHit[];
}

/** Hits by kind; the kind with the best hit first, as the server ranks them. */
export function grouped(hits: SearchHit[]): Group[] {
  const groups = new Map<SearchKind, SearchHit[]>();
  for (const hit of hits) groups.set(hit.kind, [...(groups.get(hit.kind) ?? []), hit]);
  return [...groups].map(([kind, found]) => ({ kind, hits: found }));
}

export function useFound(typed: string) {
  const now = typed.trim();
  const [wanted] = useDebouncedValue(now, PAUSE_MS);
  const { data, error, isPlaceholderData, isFetching, refetch } = useQuery({
    queryKey: ["search", wanted],
    enabled: wanted !== "",
    queryFn: ({ signal }) => answer(api.GET("/api/maid/search", { params: { query: { q: wanted, limit: MOST } }, signal })),
    placeholderData: keepPreviousData,
  });
  const fresh = now !== "" && now === wanted && Boolean(data) && !isPlaceholderData;
  const groups = now && data ? grouped(data.items) : [];
  return { groups, degraded: data?.degraded ?? null, error, fresh, looking: now !== "" && (isFetching || now !== wanted), again: () => void refetch() };
}

/** Where a hit leads. */
export function leads(hit: SearchHit) {
  if (hit.kind === "recipe") return { to: "/recipes/$id", params: { id: hit.id } } as const;
  if (hit.kind === "prompt") return { to: "/prompts/$id", params: { id: hit.id } } as const;
  // A finding is told on the page of its run.
  return { to: "/results/$id", params: { id: hit.id.split("/")[0] ?? hit.id } } as const;
}
