// What was found, by kind; the one that Enter leads to is pointed out.

import { Box, Group, Text } from "@mantine/core";
import { useEffect, useRef } from "react";

import type { SearchHit } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

import type { Group as Found } from "./found";
import classes from "./hits.module.css";
import { Marked } from "./marked";

interface Props {
  id: string;
  groups: Found[];
  at: number;
  /** Whether it answers what was typed before. */
  stale: boolean;
  point: (index: number) => void;
  follow: (hit: SearchHit) => void;
}

export function Hits({ id, groups, at, stale, point, follow }: Props) {
  const { say } = useWords();
  let index = -1;
  return (
    <div id={id} role="listbox" aria-label={say("search.found")} className={classes.list} data-stale={stale || undefined}>
      {groups.map(({ kind, hits }) => (
        <div key={kind} role="group" aria-labelledby={`${id}-${kind}`}>
          <Text size="xs" fw={600} c="dimmed" mt="sm" mb={4} id={`${id}-${kind}`} role="presentation">
            {say(`search.kind.${kind}`)}
          </Text>
          {hits.map((hit) => {
            index += 1;
            const here = index;
            return <Hit key={hit.id} id={`${id}-${here}`} hit={hit} chosen={here === at} point={() => point(here)} follow={() => follow(hit)} />;
          })}
        </div>
      ))}
    </div>
  );
}

function Hit({ id, hit, chosen, point, follow }: { id: string; hit: SearchHit; chosen: boolean; point: () => void; follow: () => void }) {
  const { language } = useWords();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) ref.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <Box ref={ref} id={id} role="option" aria-selected={chosen} className={classes.hit} onMouseMove={point} onMouseDown={(event) => event.preventDefault()} onClick={follow}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text fw={600} truncate miw={0}>
          <Marked told={hit.title} />
        </Text>
        {hit.at && (
          <Text size="xs" c="dimmed" style={{ flexShrink: 0 }}>
            {figures(language).when(hit.at)}
          </Text>
        )}
      </Group>
      <Text size="sm" c="dimmed" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
        <Marked told={hit.snippet} />
      </Text>
    </Box>
  );
}
