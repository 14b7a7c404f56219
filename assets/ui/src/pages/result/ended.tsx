// Says to whoever listens that the run they were at is over, and how it ended. Whoever comes later is told by the page itself.

import { VisuallyHidden } from "@mantine/core";
import { useState } from "react";

import type { RunDetail } from "~/api/schema";
import { useWords } from "~/i18n";
import { endingOf } from "~/parts/ending";

import { isOver } from "./use-run";

export function Ended({ run }: { run: RunDetail }) {
  const { say } = useWords();
  const over = isOver(run);
  const [watched] = useState(!over);
  const { first, beside } = endingOf({ ...run, thresholds: run.verdict?.thresholds });
  const verdict = say(beside?.word ?? first);
  return <VisuallyHidden role="status">{watched && over && say("result.ended", { status: say(`status.${run.status}`), verdict })}</VisuallyHidden>;
}

/** What the tab of the browser is called: seen while one is elsewhere. */
export function titleOf({ name, status, passed }: RunDetail): string {
  if (status === "failed" || passed === false) return `✗ ${name}`;
  if (status === "completed") return `✓ ${name}`;
  return status === "stopped" ? `■ ${name}` : name;
}
