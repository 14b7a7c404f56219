// What is seen of the page, as it stands in the address, and what is asked of the server.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import type { DeeplinkState } from "~/api/schema";

export interface DeeplinksSearch {
  tab?: "presets";
  state?: DeeplinkState;
  /** A link that is looked at. */
  link?: string;
  /** What a new link is made of: the dialog is open then. */
  make?: true;
  recipe?: string;
  preset?: string;
  /** A preset that is changed, or `new!`. */
  edit?: string;
}

export const states: DeeplinkState[] = ["open", "used", "expired", "revoked"];
/** No preset can have this name. */
export const NEW = "new!";
/** Links and presets of a page. */
const PAGE = 50;

const text = (told: unknown) => (told == null || told === "" ? undefined : String(told));

export const deeplinksSearch = (told: Record<string, unknown>): DeeplinksSearch => ({
  tab: told["tab"] === "presets" ? "presets" : undefined,
  state: states.find((state) => state === told["state"]),
  link: text(told["link"]),
  make: told["make"] === true ? true : undefined,
  recipe: text(told["recipe"]),
  preset: text(told["preset"]),
  edit: text(told["edit"]),
});

const first = undefined as string | undefined;
const next = (page: { next_cursor?: string | null }) => page.next_cursor ?? undefined;

export const linksQuery = (state?: DeeplinkState) =>
  infiniteQueryOptions({
    queryKey: ["deeplinks", state],
    queryFn: ({ pageParam }) => answer(api.GET("/api/maid/deeplinks", { params: { query: { state, limit: PAGE, cursor: pageParam } } })),
    initialPageParam: first,
    getNextPageParam: next,
  });

export const presetsQuery = infiniteQueryOptions({
  queryKey: ["presets"],
  queryFn: ({ pageParam }) => answer(api.GET("/api/maid/presets", { params: { query: { limit: 200, cursor: pageParam } } })),
  initialPageParam: first,
  getNextPageParam: next,
});

/** Uses of all links, by link. */
export const usesQuery = queryOptions({
  queryKey: ["deeplink-uses"],
  queryFn: () => answer(api.GET("/api/maid/deeplinks/analytics", { params: { query: { by: "link", days: 30, limit: 200 } } })),
});
