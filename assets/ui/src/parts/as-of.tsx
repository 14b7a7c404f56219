// Of when figures are that are not renewed, as where the server is gone.

import { Text } from "@mantine/core";

import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { useAsOf } from "~/live/use";

/** In words; null where they are of now. */
export function useOld(): string | null {
  const { say, language } = useWords();
  const at = useAsOf();
  return at && say("measure.as_of", { at: figures(language).when(at) });
}

export function AsOf() {
  const old = useOld();
  return old && <Text span size="sm" c="dimmed">{old}</Text>;
}
