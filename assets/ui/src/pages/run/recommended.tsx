// Recipes for the address that somebody writes down: an aside, which nobody has to wait for.

import { Group, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";

import { answer, api } from "~/api/client";
import { useWords } from "~/i18n";
import { AnchorLink } from "~/parts/links";

import { asked } from "./ask-test";

/** After the last key, in ms; and how many are shown. */
const [PAUSE_MS, MOST] = [600, 3];

export function Recommended({ url }: { url: string }) {
  const { say } = useWords();
  const title = useId();
  const now = asked(url);
  const [host] = useDebouncedValue(now, PAUSE_MS);
  const { data } = useQuery({
    queryKey: ["search", "recommend", host],
    enabled: host !== null,
    queryFn: ({ signal }) => answer(api.GET("/api/maid/search/recommend", { params: { query: { host: host ?? "", limit: MOST } }, signal })),
    // Where nothing comes nothing is missing.
    retry: false,
    staleTime: 60_000,
  });
  // What was found for another address says nothing of this one.
  if (!data || data.items.length === 0 || host !== now) return null;
  return (
    <section aria-labelledby={title}>
      <Text size="sm" c="dimmed" mb={4} id={title}>{say("ask.recipes")}</Text>
      <Group component="ul" m={0} p={0} style={{ listStyle: "none", rowGap: "var(--mantine-spacing-xs)" }}>
        {data.items.map(({ recipe_id, title }) => (
          <li key={recipe_id}>
            <AnchorLink to="/recipes/$id" params={{ id: recipe_id }} size="sm" style={{ overflowWrap: "anywhere" }}>{title}</AnchorLink>
          </li>
        ))}
      </Group>
    </section>
  );
}
