// What a recipe is called.

import { useQuery } from "@tanstack/react-query";

import { answer, api } from "~/api/client";

/** Its title; undefined until it is known, and where it is gone. */
export function useRecipeTitle(id: string | null | undefined): string | undefined {
  const { data } = useQuery({
    queryKey: ["recipe", id, "title"],
    queryFn: async () => (await answer(api.GET("/api/maid/recipes/{id}", { params: { path: { id: id ?? "" } } }))).title,
    enabled: Boolean(id),
    staleTime: 60_000,
    retry: false,
  });
  return data;
}
