// A sentence, with what was used of it and what was not.

import { Group, Text } from "@mantine/core";

import { useWords } from "~/i18n";

import classes from "./generator.module.css";
import { pieces, placeOf, type Turn } from "./model";

export interface Pointing {
  /** The field that somebody points at. */
  pointed: string | null;
  point: (path: string | null) => void;
}

export function Words({ turn, pointed, point }: Pointing & { turn: Turn }) {
  const { say } = useWords();
  const parts = pieces(turn.text, turn.answer);
  return (
    <>
      <Text className={classes.words} component="p" m={0}>
        {parts.map(({ text, paths, unused }, at) => {
          if (unused) return <mark key={at} className={classes.unused} title={say("generator.legend_unused")}>{text}</mark>;
          if (paths.length === 0) return <span key={at}>{text}</span>;
          const here = pointed !== null && paths.includes(pointed);
          return (
            <mark
              key={at} className={`${classes.used} ${here ? classes.pointed : ""}`} title={paths.map(placeOf).join(", ")}
              onMouseEnter={() => point(paths[0] ?? null)} onMouseLeave={() => point(null)}
            >
              {text}
            </mark>
          );
        })}
      </Text>
      {parts.some(({ paths, unused }) => unused || paths.length > 0) && (
        <Group gap="md" mt={6}>
          <Text size="xs" c="dimmed">
            <mark className={classes.used}>{say("generator.legend_used")}</mark>
          </Text>
          {parts.some(({ unused }) => unused) && (
            <Text size="xs" c="dimmed">
              <mark className={classes.unused}>{say("generator.legend_unused")}</mark>
            </Text>
          )}
        </Group>
      )}
    </>
  );
}
