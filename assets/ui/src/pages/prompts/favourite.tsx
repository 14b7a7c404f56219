// Marks a prompt for oneself.

import { ActionIcon, Tooltip } from "@mantine/core";
import { IconStar, IconStarFilled } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api } from "~/api/client";
import type { PromptSummary } from "~/api/schema";
import { useWords } from "~/i18n";
import { useFailed } from "~/parts/failed";

export function Favourite({ prompt }: { prompt: Pick<PromptSummary, "id" | "title" | "favourite"> }) {
  const { say } = useWords();
  const queries = useQueryClient();
  const failed = useFailed();
  const mark = useMutation({
    mutationFn: async (wanted: boolean) => {
      const params = { path: { id: prompt.id } };
      if (wanted) await api.PUT("/api/maid/prompts/{id}/favourite", { params });
      else await api.DELETE("/api/maid/prompts/{id}/favourite", { params });
    },
    onError: failed,
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ["prompts"] }), queries.invalidateQueries({ queryKey: ["prompt", prompt.id] })]),
  });
  // Shown as wanted while it is under way.
  const marked = mark.isPending ? mark.variables : prompt.favourite;
  const words = say(marked ? "prompts.unmark" : "prompts.mark");
  const Icon = marked ? IconStarFilled : IconStar;
  return (
    <Tooltip label={words} multiline maw={320}>
      <ActionIcon variant="subtle" color={marked ? "yellow.7" : "gray"} aria-label={say("prompts.favourite", { title: prompt.title })} aria-pressed={marked} onClick={() => mark.mutate(!marked)}>
        <Icon size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
