// What an entry is about: by the name that it had then, and where it is to be seen.

import { Text } from "@mantine/core";

import type { AuditEntry } from "~/api/schema";
import { AnchorLink } from "~/parts/links";
import { short, Who } from "~/parts/who";

/** The name that the log has kept of it. */
function nameIn(detail: unknown): string | undefined {
  if (typeof detail !== "object" || detail === null) return undefined;
  const { title, name } = detail as Record<string, unknown>;
  return [title, name].find((one): one is string => typeof one === "string" && one !== "");
}

export function About({ entry: { action, target, detail, outcome } }: { entry: AuditEntry }) {
  const [kind, did] = action.split(".");
  const name = nameIn(detail) ?? (target ? short(target) : "–");
  const link = { size: "sm", truncate: true, display: "block", title: target ?? undefined } as const;
  if (kind === "user" && target) return <Who id={target} kind="user" />;
  // What was refused is nowhere.
  if (target && did !== "delete" && outcome === "done") {
    if (kind === "test") return <AnchorLink to="/results/$id" params={{ id: target }} {...link}>{name}</AnchorLink>;
    if (kind === "recipe") return <AnchorLink to="/recipes/$id" params={{ id: target }} {...link}>{name}</AnchorLink>;
  }
  return <Text size="sm" truncate title={target ?? undefined}>{name}</Text>;
}
