// A question before what cannot be taken back.

import { Text } from "@mantine/core";
import { modals } from "@mantine/modals";

import { useWords } from "~/i18n";

interface Asked {
  /** What it is about, often by its name. */
  title: string;
  /** What comes of it. */
  why: string;
  /** What is done. */
  confirm: string;
  go: () => void;
  /** Whether nothing is lost by it. */
  safe?: boolean;
  /** Called in every case, after `go`. */
  close?: () => void;
}

/** Asks, and does it where the answer is yes. */
export function useSure(): (asked: Asked) => void {
  const { say } = useWords();
  return ({ title, why, confirm, go, safe = false, close }) =>
    modals.openConfirmModal({
      title: <span style={{ overflowWrap: "anywhere" }}>{title}</span>,
      children: <Text size="sm">{why}</Text>,
      labels: { confirm, cancel: say("action.cancel") },
      ...(safe ? {} : { confirmProps: { color: "red" } }),
      onConfirm: go,
      ...(close ? { onClose: close } : {}),
    });
}
