// What is seen of a prompt, as it stands in the address, and what is asked of the server about it.

import { queryOptions } from "@tanstack/react-query";

import { api } from "~/api/client";
import type { PromptView } from "~/api/schema";

export type Tab = "use" | "text" | "versions";

export interface PromptSearch {
  tab?: Tab;
  edit?: true;
  from?: number;
  to?: number;
}

const version = (told: unknown) => (Number.isInteger(told) && Number(told) > 0 ? Number(told) : undefined);

export const promptSearch = (told: Record<string, unknown>): PromptSearch => ({
  tab: (["text", "versions"] as const).find((tab) => tab === told["tab"]),
  edit: told["edit"] === true ? true : undefined,
  from: version(told["from"]),
  to: version(told["to"]),
});

/** A prompt with what stands for its version. */
export interface Read {
  prompt: PromptView;
  etag: string;
}

export const promptOf = (id: string) =>
  queryOptions({
    queryKey: ["prompt", id],
    queryFn: async (): Promise<Read> => {
      const { data, response } = await api.GET("/api/maid/prompts/{id}", { params: { path: { id } } });
      return { prompt: data as PromptView, etag: response.headers.get("etag") ?? "" };
    },
  });
