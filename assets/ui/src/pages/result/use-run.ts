// One run as it is stored, asked for anew when there is something new.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { answer, api, Problem } from "~/api/client";
import type { RunDetail } from "~/api/schema";
import { isActive } from "~/live/phase";
import { useLink, useTopic } from "~/live/use";

/** Between two questions about a run that goes on, in ms: where the stream tells when it is over, and where none does. */
const [SELDOM_MS, OFTEN_MS] = [30_000, 5_000];

export const isOver = (run: RunDetail | undefined) => run !== undefined && run.status !== "running" && run.status !== "queued";

const isRefused = (error: unknown) => error instanceof Problem && error.status >= 400 && error.status < 500;

export const runOf = (id: string) => ({
  queryKey: ["run", id],
  queryFn: () => answer(api.GET("/api/maid/runs/{id}", { params: { path: { id } } })),
});

export function useRun(id: string) {
  const link = useLink();
  const queries = useQueryClient();
  const { queryKey, queryFn } = runOf(id);
  const asked = useQuery({
    queryKey,
    queryFn,
    // Of a thousand who watch, each would ask; of a run that is not there, nobody has to.
    refetchInterval: ({ state }) => (isOver(state.data) || isRefused(state.error) ? false : link === "connected" ? SELDOM_MS : OFTEN_MS),
  });
  const { data: run } = asked;
  const anew = () => void queries.invalidateQueries({ queryKey });
  useTopic("maid:test-completed", ({ run_id }) => run_id === id && anew());
  // It has begun; or its end was told while nobody heard.
  useTopic("maid:status", ({ data }) => data.run_id === id && !isOver(run) && (run?.status === "queued" || !isActive(data.phase)) && anew());
  const before = useRef(link);
  useEffect(() => {
    if (link === "connected" && before.current !== "connecting" && before.current !== link && !isOver(run)) anew();
    before.current = link;
  }, [link]);
  return asked;
}
