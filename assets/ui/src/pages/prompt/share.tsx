// Who reads a prompt, and its link, which is shown once.

import { Alert, Button, Code, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api } from "~/api/client";
import type { PromptView, PromptVisibility } from "~/api/schema";
import { useWords } from "~/i18n";
import { CopyText } from "~/parts/copy-text";
import { ProblemAlert } from "~/parts/problem";

interface Props {
  prompt: PromptView;
  opened: boolean;
  close: () => void;
}

const ways: PromptVisibility[] = ["private", "tenant", "public"];

export function Share({ prompt, opened, close }: Props) {
  const { say } = useWords();
  const queries = useQueryClient();
  const [chosen, choose] = useState<PromptVisibility | null>(null);
  const wanted = chosen ?? prompt.visibility;
  const share = useMutation({
    mutationFn: () => {
      const params = { path: { id: prompt.id } };
      return answer(api.POST("/api/maid/prompts/{id}/share", { params, body: { visibility: wanted } }));
    },
    onSuccess: async ({ link }) => {
      if (!link) end();
      notifications.show({ message: say("prompt.shared") });
      await Promise.all([queries.invalidateQueries({ queryKey: ["prompt", prompt.id] }), queries.invalidateQueries({ queryKey: ["prompts"] })]);
    },
  });
  const end = () => {
    close();
    choose(null);
    share.reset();
  };
  // People are led to a page; programs ask the API for the same.
  const token = share.data?.link?.split("/").at(-1);
  const link = token ? `${location.origin}${import.meta.env.BASE_URL}shared-prompt/${token}` : null;
  const due = wanted === "public" ? !link : wanted !== prompt.visibility;
  const saving = wanted === "public" ? say("prompt.share_new_link") : say("action.save");
  return (
    <Modal opened={opened} onClose={end} title={say("prompt.share")}>
      <Stack>
        <Radio.Group label={say("prompt.share_who")} value={wanted} onChange={(way) => choose(way as PromptVisibility)}>
          <Stack gap="xs" mt="xs">
            {ways.map((way) => <Radio key={way} value={way} label={say(`prompt.share_${way}`)} />)}
          </Stack>
        </Radio.Group>
        {wanted === "public" && <Text size="sm" c="dimmed">{say("prompt.share_end")}</Text>}
        {wanted === "public" && prompt.visibility === "public" && !link && <Alert color="yellow">{say("prompt.share_again")}</Alert>}
        {link && wanted === "public" && (
          <Stack gap="xs" role="status">
            <Text size="sm" fw={600}>{say("prompt.share_link")}</Text>
            <Code block tabIndex={0} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{link}</Code>
            <Group><CopyText text={link} what={say("prompt.link")} /></Group>
          </Stack>
        )}
        {share.error && <ProblemAlert error={share.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={end}>{say("action.close")}</Button>
          {!(link && wanted === "public") && <Button onClick={() => share.mutate()} loading={share.isPending} disabled={!due}>{saving}</Button>}
        </Group>
      </Stack>
    </Modal>
  );
}
