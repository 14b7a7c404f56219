// What a recipe is called, what kind it is, and what can be done with it.

import { Badge, Button, Group, Menu, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCopyPlus, IconPencil } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { answer, api } from "~/api/client";
import { forget } from "~/api/forget";
import type { RecipeView } from "~/api/schema";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { Marks } from "~/pages/recipes/cards";
import { AnchorLink, ButtonLink } from "~/parts/links";
import { More } from "~/parts/more";
import { NameTitle } from "~/parts/name-title";
import { ProblemAlert } from "~/parts/problem";
import { useSure } from "~/parts/sure";

import { useRecipeTitle } from "./title";

export function Head({ view, changeable }: { view: RecipeView; changeable: boolean }) {
  const { say } = useWords();
  const { may } = useSession();
  const clone = useClone(view.id);
  const remove = useRemove(view.id);
  const origin = useRecipeTitle(view.cloned_from);
  const lang = view.built_in ? "en" : undefined;
  return (
    <Stack gap="xs">
      <AnchorLink to="/recipes" size="sm">
        {say("recipe.to_recipes")}
      </AnchorLink>
      <Group justify="space-between" align="flex-start">
        <NameTitle lang={lang} flex="1 1 16rem">{view.title}</NameTitle>
        <Group gap="xs">
          {may("maid.write") && (
            <ButtonLink to="/run" search={{ recipe: view.id }} variant="default" leftSection={<IconPencil size={16} aria-hidden />}>
              {say("recipe.open")}
            </ButtonLink>
          )}
          {may("maid.recipes") && (
            <Button variant="default" leftSection={<IconCopyPlus size={16} aria-hidden />} onClick={() => clone.mutate()} loading={clone.isPending}>
              {say("recipe.clone")}
            </Button>
          )}
          <Besides view={view} changeable={changeable} remove={() => remove.mutate()} />
        </Group>
      </Group>
      {(clone.error ?? remove.error) && <ProblemAlert error={clone.error ?? remove.error} />}
      <Group gap="xs">
        <Marks recipe={view} />
        {view.version != null && (
          <Badge variant="default">
            {say("recipe.version", { version: view.version })}
          </Badge>
        )}
        {view.tags.map((tag) => (
          <AnchorLink key={tag} to="/recipes" search={{ tag }} size="sm" aria-label={say("recipes.only_tag", { tag })}>
            #{tag}
          </AnchorLink>
        ))}
      </Group>
      <Text lang={lang} style={{ overflowWrap: "anywhere", whiteSpace: "pre-line" }} maw="60rem">
        {view.summary}
      </Text>
      {view.usage.runs > 0 && (
        <Text size="sm" c="dimmed">
          {say("recipe.runs", { runs: view.usage.runs, passed: view.usage.passed })}
        </Text>
      )}
      {view.cloned_from && (
        <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {say("recipe.cloned_from")}{" "}
          <AnchorLink to="/recipes/$id" params={{ id: view.cloned_from }} inherit underline="always">
            {origin ?? view.cloned_from}
          </AnchorLink>
        </Text>
      )}
    </Stack>
  );
}

function Besides({ view, changeable, remove }: { view: RecipeView; changeable: boolean; remove: () => void }) {
  const { say } = useWords();
  const ask = useSure();
  const { may } = useSession();
  const navigate = useNavigate();
  if (!may("maid.write") && !changeable) return null;
  const sure = () => ask({ title: view.title, why: say("recipe.delete_sure"), confirm: say("action.delete"), go: remove });
  return (
    <More>
      {may("maid.write") && (
        <Menu.Item onClick={() => void navigate({ to: "/deeplinks", search: { recipe: view.id } })}>{say("recipe.deeplink")}</Menu.Item>
      )}
      {changeable && (
        <Menu.Item color="red" onClick={sure}>
          {say("action.delete")}
        </Menu.Item>
      )}
    </More>
  );
}

function useClone(id: string) {
  const { say } = useWords();
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.POST("/api/maid/recipes/{id}/clone", { params: { path: { id } } })),
    onSuccess: async (made) => {
      void queries.invalidateQueries({ queryKey: ["recipes"] });
      await navigate({ to: "/recipes/$id", params: { id: made.id }, search: { tab: "edit" } });
      notifications.show({ color: "green", message: say("recipe.cloned") });
    },
  });
}

function useRemove(id: string) {
  const { say } = useWords();
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.DELETE("/api/maid/recipes/{id}", { params: { path: { id } } }),
    onSuccess: async () => {
      void queries.invalidateQueries({ queryKey: ["recipes"] });
      await navigate({ to: "/recipes" });
      forget(queries, id);
      notifications.show({ message: say("recipe.deleted") });
    },
  });
}
