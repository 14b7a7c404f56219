// Whether MAID is well: what `/readyz` says.

import { Badge, List, Popover, Text, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { BASE, Problem } from "~/api/client";
import type { Readiness } from "~/api/schema";
import { useWords } from "~/i18n";

/** Where something is wrong the answer is 503, and says what. */
async function readiness(): Promise<Readiness> {
  const answer = await fetch(`${BASE}/readyz`, { cache: "no-store" }).catch(() => null);
  if (!answer) throw new Problem(0);
  if (answer.status !== 200 && answer.status !== 503) throw new Problem(answer.status);
  return (await answer.json()) as Readiness;
}

export function Health() {
  const { say } = useWords();
  const { data, error } = useQuery({
    queryKey: ["health"],
    queryFn: readiness,
    refetchInterval: 15_000,
    retry: false,
  });
  if (!data && !error) return null;
  const unwell = data?.checks.filter((check) => !check.ok) ?? [];
  const well = !error && unwell.length === 0;
  const word = well ? say("home.healthy") : error instanceof Problem && error.status === 0 ? say("live.lost") : unwell[0]?.name;
  return (
    <Popover withArrow position="bottom-end">
      <Popover.Target>
        <UnstyledButton aria-label={`${say("home.health")}: ${word ?? ""}`}>
          <Badge color={well ? "green" : "red"} variant="dot" tt="none">
            {word ?? error?.message}
          </Badge>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <List size="sm">
          {data?.checks.map((check) => (
            <List.Item key={check.name}>
              <Text span fw={600} size="sm" c={check.ok ? undefined : "red"}>
                {check.name}
              </Text>{" "}
              {check.detail}
            </List.Item>
          ))}
        </List>
      </Popover.Dropdown>
    </Popover>
  );
}
