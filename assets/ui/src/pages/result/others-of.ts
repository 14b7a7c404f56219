// The runs of the same test.

import { useQuery } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import type { HistoryItem, RunDetail } from "~/api/schema";

/** As many of the newest as one chart tells apart. */
const MOST = 50;

/** The run of the same test before this one, and the one that others are measured by; none where there is no such run. */
export function useMarks({ name, run_id, created_at, started_at }: RunDetail, wanted: boolean) {
  return useQuery({
    queryKey: ["history", "marks", run_id],
    queryFn: async () => {
      const first = async (query: { until?: string; baseline?: boolean }) => {
        const { items } = await answer(api.GET("/api/maid/history", { params: { query: { name, sort: "-started_at", limit: MOST, ...query } } }));
        return items.find((item: HistoryItem) => item.name === name && item.requests > 0 && item.run_id !== run_id);
      };
      const [before, baseline] = await Promise.all([first({ until: started_at ?? created_at }), first({ baseline: true })]);
      return { before, baseline };
    },
    enabled: wanted,
  });
}

/** The newest ones, this one among them, the newest first. */
export function useOthers({ name }: RunDetail) {
  return useQuery({
    queryKey: ["history", "others", name],
    queryFn: async () => {
      const { items } = await answer(api.GET("/api/maid/history", { params: { query: { name, sort: "-created_at", limit: MOST } } }));
      // The server finds names that have this one in them as well.
      return items.filter((item: HistoryItem) => item.name === name && item.requests > 0);
    },
  });
}
