// What a prompt is called, whose it is, and what can be done with it.

import { Group, Menu, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconCopyPlus, IconPencil, IconShare, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { answer, api } from "~/api/client";
import { forget } from "~/api/forget";
import type { PromptView } from "~/api/schema";
import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { useFailed } from "~/parts/failed";
import { AnchorLink, ButtonLink } from "~/parts/links";
import { More } from "~/parts/more";
import { NameTitle } from "~/parts/name-title";
import { useSure } from "~/parts/sure";

import { Favourite } from "../prompts/favourite";
import { Marks } from "../prompts/prompt-card";
import { Fork } from "./fork";
import { Share } from "./share";
import { promptOf, type Read } from "./view";

export function Head({ read: { prompt } }: { read: Read }) {
  const { say, language } = useWords();
  const { may } = useSession();
  const writes = may("maid.recipes");
  return (
    <Stack gap="xs">
      <Group justify="space-between" align="flex-start">
        <Group gap="xs" miw={0} wrap="nowrap" align="flex-start" flex="1 1 16rem">
          <NameTitle>{prompt.title}</NameTitle>
          <Favourite prompt={prompt} />
        </Group>
        {writes && <Actions prompt={prompt} />}
      </Group>
      <Group gap="sm">
        <Marks prompt={prompt} />
        {prompt.tags.map((tag) => (
          <AnchorLink key={tag} to="/prompts" search={{ tag }} size="xs" c="dimmed">#{tag}</AnchorLink>
        ))}
      </Group>
      {prompt.description && <Text maw="48rem" style={{ overflowWrap: "anywhere", whiteSpace: "pre-line" }}>{prompt.description}</Text>}
      <Group gap="xs" c="dimmed" fz="sm">
        <span>{say("prompt.version", { version: prompt.version })}</span>
        {prompt.updated_at && <span>{say("prompt.changed_at", { at: figures(language).when(prompt.updated_at) })}</span>}
        {prompt.forked_from && <Origin id={prompt.forked_from.id} />}
        <Used id={prompt.id} />
      </Group>
    </Stack>
  );
}

/** What it was made from, which may be gone, or no longer shared. */
function Origin({ id }: { id: string }) {
  const { say } = useWords();
  const { data } = useQuery(promptOf(id));
  if (!data) return null;
  return <AnchorLink to="/prompts/$id" params={{ id }} size="sm" style={{ overflowWrap: "anywhere" }}>{say("prompt.forked_from", { title: data.prompt.title })}</AnchorLink>;
}

function Used({ id }: { id: string }) {
  const { say } = useWords();
  const { data } = useQuery({
    queryKey: ["prompt-uses", id],
    queryFn: () => answer(api.GET("/api/maid/prompts/analytics", { params: { query: { prompt: id, by: "prompt" } } })),
  });
  const used = data?.items[0];
  return used ? <span>{say("prompt.used", { uses: used.uses, runs: used.runs, passed: used.passed })}</span> : null;
}

function Actions({ prompt }: { prompt: PromptView }) {
  const { say } = useWords();
  const [forking, fork] = useDisclosure();
  const [sharing, share] = useDisclosure();
  const remove = useRemoval(prompt);
  return (
    <Group gap="xs" wrap="nowrap">
      {prompt.may_change && (
        <ButtonLink to="/prompts/$id" params={{ id: prompt.id }} search={{ edit: true }} variant="default" leftSection={<IconPencil size={16} aria-hidden />}>
          {say("prompt.edit")}
        </ButtonLink>
      )}
      <More>
        <Menu.Item leftSection={<IconCopyPlus size={16} aria-hidden />} onClick={fork.open}>{say("prompt.fork")}</Menu.Item>
        {prompt.may_change && (
          <>
            <Menu.Item leftSection={<IconShare size={16} aria-hidden />} onClick={share.open}>{say("prompt.share")}</Menu.Item>
            <Menu.Divider />
            <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={remove}>{say("action.delete")}</Menu.Item>
          </>
        )}
      </More>
      <Fork prompt={prompt} opened={forking} close={fork.close} />
      <Share prompt={prompt} opened={sharing} close={share.close} />
    </Group>
  );
}

function useRemoval(prompt: PromptView): () => void {
  const { say } = useWords();
  const ask = useSure();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const failed = useFailed();
  const remove = useMutation({
    mutationFn: () => api.DELETE("/api/maid/prompts/{id}", { params: { path: { id: prompt.id } } }),
    onSuccess: async () => {
      notifications.show({ message: say("prompt.deleted") });
      await navigate({ to: "/prompts" });
      forget(queries, prompt.id);
      await queries.invalidateQueries({ queryKey: ["prompts"] });
    },
    onError: failed,
  });
  return () => ask({ title: prompt.title, why: say("prompt.delete_sure"), confirm: say("action.delete"), go: () => remove.mutate() });
}
