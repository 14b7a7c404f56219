// The runs of the same test, this one among them, the newest first.

import { useQuery } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import type { HistoryItem, RunDetail } from "~/api/schema";

/** As many of the newest as one chart tells apart. */
const MOST = 50;

export function useOthers({ name }: RunDetail, wanted = true) {
  return useQuery({
    queryKey: ["history", "others", name],
    queryFn: async () => {
      const { items } = await answer(api.GET("/api/maid/history", { params: { query: { name, sort: "-created_at", limit: MOST } } }));
      // The server finds names that have this one in them as well.
      return items.filter((item: HistoryItem) => item.name === name && item.requests > 0);
    },
    enabled: wanted,
  });
}
