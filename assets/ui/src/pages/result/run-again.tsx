// The same test once more, as after the service was mended.

import { Button } from "@mantine/core";
import { useTimeout } from "@mantine/hooks";
import { IconRepeat } from "@tabler/icons-react";
import { useState } from "react";

import { useWords } from "~/i18n";
import type { Start } from "~/pages/run/start";

/** For so long it cannot be pressed where it takes the place of Stop, in ms. */
const SETTLES_MS = 1_000;

interface Props {
  again: Start;
  id: string;
  /** Whether somebody saw the run end: a second press on Stop must not start it again. */
  watched: boolean;
}

export function RunAgain({ again, id, watched }: Props) {
  const { say } = useWords();
  const [settled, settle] = useState(!watched);
  useTimeout(() => settle(true), SETTLES_MS, { autoInvoke: true });
  return (
    <Button
      variant="light" leftSection={<IconRepeat size={16} aria-hidden />} disabled={!settled} loading={again.isPending}
      onClick={() => again.mutate({ run_id: id })}
    >
      {say("result.run_again")}
    </Button>
  );
}
