// Makes a prompt of one's own from another.

import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";

import { answer, api } from "~/api/client";
import type { PromptView } from "~/api/schema";
import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";

interface Props {
  prompt: PromptView;
  opened: boolean;
  close: () => void;
}

export function Fork({ prompt, opened, close }: Props) {
  const { say } = useWords();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [title, entitle] = useState(prompt.title);
  const fork = useMutation({
    mutationFn: () => {
      const params = { path: { id: prompt.id } };
      return answer(api.POST("/api/maid/prompts/{id}/fork", { params, body: { title } }));
    },
    onSuccess: async ({ id }) => {
      close();
      await navigate({ to: "/prompts/$id", params: { id }, search: { edit: true } });
      await queries.invalidateQueries({ queryKey: ["prompts"] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    fork.mutate();
  };
  return (
    <Modal opened={opened} onClose={close} title={say("prompt.fork")}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={say("prompt.fork_title")} required maxLength={200} value={title} onChange={(event) => entitle(event.currentTarget.value)} data-autofocus />
          {fork.error && <ProblemAlert error={fork.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>{say("action.cancel")}</Button>
            <Button type="submit" loading={fork.isPending}>{say("prompt.fork")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
