// A button that copies a text, also where the page came by plain http.

import { Button, type ButtonProps } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";

import { useWords } from "~/i18n";

/** Browsers have a clipboard on https and on the machine itself alone; elsewhere the older way works. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const before = document.activeElement;
    const area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("aria-hidden", "true");
    (document.querySelector("[role=dialog]") ?? document.body).append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (before instanceof HTMLElement) before.focus();
    return copied;
  }
}

interface Props extends ButtonProps {
  /** The text, or what makes it; null where it cannot be made. */
  text: string | (() => Promise<string | null>);
  /** What is copied, for whoever does not see it. */
  what?: string;
  onCopied?: () => void;
}

export function CopyText({ text, what, onCopied, ...button }: Props) {
  const { say } = useWords();
  const [copied, set] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => set(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    const made = typeof text === "string" ? text : await text();
    if (made === null || !(await copyText(made))) return;
    set(true);
    onCopied?.();
  };
  const Icon = copied ? IconCheck : IconCopy;
  const word = say(copied ? "action.copied" : "action.copy");
  return (
    <Button variant="default" leftSection={<Icon size={16} aria-hidden />} onClick={() => void copy()} aria-label={what ? `${word}: ${what}` : undefined} {...button}>
      {word}
    </Button>
  );
}
