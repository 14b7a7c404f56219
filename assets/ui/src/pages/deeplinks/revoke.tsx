// Makes a link invalid, once somebody is sure.

import { Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api } from "~/api/client";
import { useWords } from "~/i18n";
import { useFailed } from "~/parts/failed";

export function useRevoking(link: { id: string; title: string }): () => void {
  const { say } = useWords();
  const queries = useQueryClient();
  const failed = useFailed();
  const revoke = useMutation({
    mutationFn: () => api.DELETE("/api/maid/deeplinks/{id}", { params: { path: { id: link.id } } }),
    onSuccess: () => notifications.show({ message: say("links.revoked") }),
    onError: failed,
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ["deeplinks"] }), queries.invalidateQueries({ queryKey: ["deeplink", link.id] })]),
  });
  return () =>
    modals.openConfirmModal({
      title: link.title,
      children: <Text size="sm">{say("links.revoke_sure")}</Text>,
      labels: { confirm: say("links.revoke"), cancel: say("action.cancel") },
      confirmProps: { color: "red" },
      onConfirm: () => revoke.mutate(),
    });
}
