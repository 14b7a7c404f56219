// Makes a link invalid, once somebody is sure.

import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api } from "~/api/client";
import { useWords } from "~/i18n";
import { useFailed } from "~/parts/failed";
import { useSure } from "~/parts/sure";

export function useRevoking(link: { id: string; title: string }): () => void {
  const { say } = useWords();
  const ask = useSure();
  const queries = useQueryClient();
  const failed = useFailed();
  const revoke = useMutation({
    mutationFn: () => api.DELETE("/api/maid/deeplinks/{id}", { params: { path: { id: link.id } } }),
    onSuccess: () => notifications.show({ message: say("links.revoked") }),
    onError: failed,
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ["deeplinks"] }), queries.invalidateQueries({ queryKey: ["deeplink", link.id] })]),
  });
  return () => ask({ title: link.title, why: say("links.revoke_sure"), confirm: say("links.revoke"), go: () => revoke.mutate() });
}
