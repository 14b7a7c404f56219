// Where an address leads nowhere, and where a page broke.

import { Button, Stack, Text, Title } from "@mantine/core";
import { useEffect } from "react";

import { BASE, Problem } from "~/api/client";
import { useWords } from "~/i18n";
import { AnchorLink } from "~/parts/links";
import { NotLoaded } from "~/parts/loaded";
import { ProblemAlert } from "~/parts/problem";

export function Missing() {
  const { say } = useWords();
  return (
    <Stack align="flex-start">
      <Title order={1}>{say("app.not_found")}</Title>
      <Text>{say("app.not_found_why")}</Text>
      <AnchorLink to="/">
        {say("app.to_home")}
      </AnchorLink>
    </Stack>
  );
}

const [AGAIN_MS, KEPT] = [2_000, "maid.loaded_again"];
/** Not more often, where something is missing for good. */
const SELDOM_MS = 20_000;

/** A part of the page did not arrive: it is loaded again as soon as the server answers. */
function Unloaded() {
  const { say } = useWords();
  useEffect(() => {
    const timer = setInterval(async () => {
      const back = await fetch(`${BASE}/healthz`, { cache: "no-store" }).catch(() => null);
      if (!back?.ok) return;
      try {
        const last = Number(sessionStorage.getItem(KEPT));
        if (Date.now() - last < SELDOM_MS) return;
        sessionStorage.setItem(KEPT, `${Date.now()}`);
      } catch {
        // Where the browser keeps nothing, nobody knows how often: whoever looks at it reloads it.
        return;
      }
      location.reload();
    }, AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <Stack align="flex-start">
      <Title order={1} size="h2">{say("app.unloaded")}</Title>
      <Text>{say("app.unloaded_why")}</Text>
      <Button variant="default" onClick={() => location.reload()}>{say("app.reload")}</Button>
    </Stack>
  );
}

export function Broken({ error }: { error: unknown }) {
  const { say } = useWords();
  if (error instanceof NotLoaded) return <Unloaded />;
  if (error instanceof Problem) return <ProblemAlert error={error} again={() => location.reload()} />;
  return (
    <Stack align="flex-start">
      <Title order={1}>{say("app.broken")}</Title>
      <Text>{say("app.broken_why")}</Text>
      <Text component="pre" size="xs" c="dimmed">
        {String(error)}
      </Text>
      <Button onClick={() => location.reload()}>{say("app.reload")}</Button>
    </Stack>
  );
}
