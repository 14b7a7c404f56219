// How a run is, in a word.

import { Badge } from "@mantine/core";

import type { RunStatus } from "~/api/schema";
import { useWords } from "~/i18n";

const colours: Record<RunStatus, string> = { queued: "gray", running: "teal", completed: "green", stopped: "yellow", failed: "red" };

/** A threshold that was missed is told before how the run ended. */
export function Verdict({ status, passed }: { status: RunStatus; passed?: boolean | null }) {
  const { say } = useWords();
  const missed = passed === false;
  const held = status === "completed" && passed === true;
  const word = missed ? say("verdict.missed") : held ? say("verdict.passed") : say(`status.${status}`);
  return (
    <Badge color={missed ? "red" : colours[status]} variant="light" style={{ flexShrink: 0, minWidth: "max-content" }}>
      {word}
    </Badge>
  );
}
