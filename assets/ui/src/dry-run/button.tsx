// What sends each request of a test once, and shows what came of it.

import { Button, Tooltip } from "@mantine/core";
import { IconFlask } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useRef } from "react";

import type { DryRunRequest } from "~/api/schema";
import { useWords } from "~/i18n";
import { loaded } from "~/parts/loaded";

import { useDryRun } from "./use-dry-run";

const DryRun = lazy(loaded(() => import("./dry-run").then(({ DryRun }) => ({ default: DryRun }))));

interface Props {
  asked: () => DryRunRequest | null;
  /** What the test says, to tell what of it was not sent. */
  test: unknown;
  disabled?: boolean;
}

export function DryRunButton({ asked, test, disabled = false }: Props) {
  const { say } = useWords();
  const trial = useDryRun(asked);
  const button = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  // Whoever closes the dialog is where it was opened.
  useEffect(() => {
    if (was.current && !trial.isOpen) button.current?.focus();
    was.current = trial.isOpen;
  }, [trial.isOpen]);
  return (
    <>
      <Tooltip label={say("dry.button_why")} disabled={trial.isOpen}>
        <Button ref={button} variant="default" leftSection={<IconFlask size={16} aria-hidden />} disabled={disabled} loading={trial.isPending} onClick={trial.send}>
          {say("dry.title")}
        </Button>
      </Tooltip>
      <Suspense>{trial.isOpen && <DryRun trial={trial} test={test} />}</Suspense>
    </>
  );
}
