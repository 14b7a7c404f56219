// Somebody else was first: what they changed, and what is to become of both.

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";

import { useWords } from "~/i18n";
import { useSure } from "~/parts/sure";

import { Diff } from "./diff";

interface Props {
  id: string;
  /** The version that was begun with. */
  from: number;
  load: () => void;
  over: () => void;
  /** Whether it is being saved. */
  busy: boolean;
}

export function Clash({ id, from, load, over, busy }: Props) {
  const { say } = useWords();
  const ask = useSure();
  const [seen, see] = useState(false);
  const sure = () => ask({ title: say("prompt.clash_load"), why: say("prompt.clash_load_sure"), confirm: say("prompt.clash_load"), go: load });
  return (
    <Alert color="yellow" role="alert">
      <Stack gap="sm">
        <Text size="sm">{say("prompt.clash")}</Text>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={() => see(!seen)} aria-expanded={seen}>{say("prompt.clash_see")}</Button>
          <Button size="xs" variant="default" onClick={sure}>{say("prompt.clash_load")}</Button>
          <Button size="xs" variant="default" onClick={over} loading={busy}>{say("prompt.clash_mine")}</Button>
        </Group>
        {seen && <Diff id={id} from={from} />}
      </Stack>
    </Alert>
  );
}
