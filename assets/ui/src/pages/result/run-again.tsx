// The same test once more, as after the service was mended.

import { Button } from "@mantine/core";
import { IconRepeat } from "@tabler/icons-react";

import { useWords } from "~/i18n";
import type { Start } from "~/pages/run/start";

export function RunAgain({ again, id }: { again: Start; id: string }) {
  const { say } = useWords();
  return (
    <Button leftSection={<IconRepeat size={16} aria-hidden />} onClick={() => again.mutate({ run_id: id })} loading={again.isPending}>
      {say("result.run_again")}
    </Button>
  );
}
