// One version of a recipe, whole or as what differs from another one.

import { Button, Group, Select, Skeleton, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense } from "react";

import { answer, api } from "~/api/client";
import type { RecipeView } from "~/api/schema";
import { useWords } from "~/i18n";
import { loaded } from "~/parts/loaded";
import { ProblemAlert } from "~/parts/problem";
import { useSure } from "~/parts/sure";

import { Differing } from "./differing";
import { fileOf, type Known, storeRecipe } from "./model";

const RecipeCode = lazy(loaded(() => import("~/parts/code/recipe-code")));

interface Props {
  known: Known;
  version: number;
  /** Whether the recipe can go back to it. */
  changeable: boolean;
  others: number[];
  /** The version that it is held against. */
  against: number | undefined;
  hold: (against: number | undefined) => void;
}

export function Version({ known, version, changeable, others, against, hold }: Props) {
  const { say } = useWords();
  const { id } = known.view;
  const shown = useVersion(id, version);
  const other = useVersion(id, against);
  const back = useGoingBack(known, version, shown.data);
  const error = shown.error ?? other.error;
  const choices = against === undefined || others.includes(against) ? others : [...others, against];
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-end">
        <Select
          label={say("recipe.against")} placeholder={say("recipe.against_none")} value={against === undefined ? null : String(against)} clearable
          clearButtonProps={{ "aria-label": say("recipe.against_none") }} data={choices.map((one) => ({ value: String(one), label: say("recipe.version", { version: one }) }))}
          onChange={(chosen) => hold(chosen === null ? undefined : Number(chosen))} disabled={choices.length === 0} style={{ flex: "0 1 16rem" }}
        />
        {changeable && shown.data && (
          <Button variant="default" onClick={back.sure} loading={back.isPending}>
            {say("recipe.go_back")}
          </Button>
        )}
      </Group>
      {back.error && <ProblemAlert error={back.error} />}
      {error && <ProblemAlert error={error} />}
      {!error && (!shown.data || (against !== undefined && !other.data)) && <Skeleton h={320} />}
      {!error && shown.data && against === undefined && (
        <Suspense fallback={<Skeleton h={320} />}>
          <RecipeCode label={say("recipe.version", { version })} value={fileOf(shown.data)} />
        </Suspense>
      )}
      {!error && shown.data && other.data && (
        <Differing label={say("recipe.difference", { from: against ?? 0, to: version })} before={fileOf(other.data)} after={fileOf(shown.data)} />
      )}
    </Stack>
  );
}

/** A version never changes. */
function useVersion(id: string, version: number | undefined) {
  return useQuery({
    queryKey: ["recipe", id, "version", version],
    queryFn: () => answer(api.GET("/api/maid/recipes/{id}/versions/{version}", { params: { path: { id, version: version ?? 0 } } })),
    enabled: version !== undefined,
    staleTime: Infinity,
  });
}

function useGoingBack({ view, etag }: Known, version: number, was: Pick<RecipeView, "text" | "recipe"> | undefined) {
  const { say } = useWords();
  const ask = useSure();
  const queries = useQueryClient();
  const back = useMutation({
    mutationFn: async () => was && (await storeRecipe(view.id, etag, was.text == null ? was.recipe : { text: was.text })),
    onSuccess: () => void notifications.show({ color: "green", message: say("recipe.saved") }),
    // Also where somebody else was first: what they wrote is shown then.
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ["recipe", view.id] }), queries.invalidateQueries({ queryKey: ["recipes"] })]),
  });
  const sure = () => ask({ title: view.title, why: say("recipe.go_back_sure", { version }), confirm: say("recipe.go_back"), go: () => back.mutate(), safe: true });
  return { ...back, sure };
}
