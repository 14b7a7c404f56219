// One recipe: what it does, how to run it well, its values, its results.

import { Skeleton, Stack, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { useKeptDraft } from "~/parts/kept-draft";
import { loaded } from "~/parts/loaded";
import { NotKept } from "~/parts/not-kept";
import { ProblemAlert } from "~/parts/problem";
import { isGone } from "~/parts/told-problem";

import { Advice } from "./advice";
import { Export } from "./export";
import { Gone } from "./gone";
import { Head } from "./head";
import { fetchRecipe, isTyped, type Known } from "./model";
import { RunForm } from "./run-form";
import { Versions } from "./versions";
import { type Tab, tabs } from "./view";

// What draws, and what writes code, is loaded when somebody looks at it.
const File = lazy(loaded(() => import("./file")));
const Edit = lazy(loaded(() => import("./edit")));
const Results = lazy(loaded(() => import("./results")));

export function Recipe() {
  const { id } = useParams({ from: "/recipes/$id" });
  const { data, error, refetch } = useQuery({ queryKey: ["recipe", id], queryFn: () => fetchRecipe(id) });
  if (isGone(error)) return <Gone id={id} />;
  if (error && !data) return <ProblemAlert error={error} again={() => void refetch()} />;
  if (!data) return <Ahead />;
  return <Shown key={id} known={data} />;
}

/** The page before its recipe is there: where it leads back, its title, what it is about, its tabs and what is under them. */
function Ahead() {
  return (
    <Stack gap="lg">
      <Stack gap="xs">
        <Skeleton h={20} w={96} />
        <Skeleton h={36} maw={360} />
        <Skeleton h={20} w={220} maw="100%" />
        <Skeleton h={22} maw="60rem" />
      </Stack>
      <Skeleton h={40} maw={520} />
      <Skeleton h={320} />
    </Stack>
  );
}

function Shown({ known }: { known: Known }) {
  const { view } = known;
  const { say } = useWords();
  const { me, may } = useSession();
  const search = useSearch({ from: "/recipes/$id" });
  const navigate = useNavigate({ from: "/recipes/$id" });
  // Secrets are no part of it.
  const [typed, keep, unkept] = useKeptDraft(`recipe.values.${view.id}`, isTyped);
  const changeable = !view.built_in && may("maid.recipes") && (view.owner === me.id || may("maid.admin"));
  const there = tabs.filter((tab) => (tab === "versions" ? !view.built_in : tab === "edit" ? changeable : true));
  const tab = search.tab && there.includes(search.tab) ? search.tab : "run";
  const go = (next: string | null) => void navigate({ search: { tab: (next as Tab) ?? undefined }, replace: true });
  return (
    <Stack gap="lg">
      <Head view={view} changeable={changeable} />
      <Tabs value={tab} onChange={go} keepMounted={false}>
        <Tabs.List>
          {there.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {say(`recipe.tab_${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Suspense fallback={<Skeleton h={320} mt="md" />}>
          <Tabs.Panel value="run" pt="md">
            <Advice recipe={view.recipe}>
              {unkept && <NotKept way="kept.copy" />}
              <RunForm view={view} typed={typed ?? {}} keep={keep} />
            </Advice>
          </Tabs.Panel>
          <Tabs.Panel value="test" pt="md">
            <File view={view} />
          </Tabs.Panel>
          <Tabs.Panel value="results" pt="md">
            <Results id={view.id} run={() => go("run")} />
          </Tabs.Panel>
          <Tabs.Panel value="export" pt="md">
            <Export view={view} typed={typed ?? {}} change={() => go("run")} />
          </Tabs.Panel>
          <Tabs.Panel value="versions" pt="md">
            <Versions known={known} changeable={changeable} />
          </Tabs.Panel>
          <Tabs.Panel value="edit" pt="md">
            <Edit known={known} />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
    </Stack>
  );
}
