// Where a test is written and started: in the editor, or by three questions.

import { Alert, Skeleton, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";

import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { loaded } from "~/parts/loaded";
import { ProblemAlert } from "~/parts/problem";

import { hand } from "./draft";
import { textOf } from "./recipe";

/** How the page begins, as it stands in the address. */
export interface RunSearch {
  /** The question of the wizard that is asked. */
  ask?: number;
  /** The recipe to begin with. */
  recipe?: string;
}

// What the questions need is small; what edits is not.
const Editor = lazy(loaded(() => import("./maid-config").then(({ MAIDConfig }) => ({ default: MAIDConfig }))));
const Ask = lazy(loaded(() => import("./ask").then(({ Ask }) => ({ default: Ask }))));

export function Run() {
  const { say } = useWords();
  const { may } = useSession();
  const { ask, recipe } = useSearch({ from: "/run" });
  if (!may("maid.write")) {
    return (
      <Stack>
        <Title order={1} size="h2">{say("run.title")}</Title>
        <Alert>{say("run.may_not")}</Alert>
      </Stack>
    );
  }
  return (
    <div>
      <Suspense fallback={<Skeleton h={480} />}>{recipe ? <FromRecipe id={recipe} /> : ask ? <Ask step={ask} /> : <Editor />}</Suspense>
    </div>
  );
}

/** Fetches a recipe's test and hands it to the editor. */
function FromRecipe({ id }: { id: string }) {
  const { say } = useWords();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery({ queryKey: ["recipe-text", id], queryFn: () => textOf(id), staleTime: 0, gcTime: 0 });
  useEffect(() => {
    if (data === undefined) return;
    hand(data);
    void navigate({ to: "/run", search: {}, replace: true });
  }, [data, navigate]);
  return (
    <Stack>
      <Title order={1} size="h2">{say("run.title")}</Title>
      {error ? <ProblemAlert error={error} again={() => void refetch()} /> : <Skeleton h={480} />}
    </Stack>
  );
}
