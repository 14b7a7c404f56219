// Where a run sent load, and how much, in a few words.

import { Text } from "@mantine/core";

import type { RunDetail } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { modelOf, shapeOf } from "~/pages/run/shape";
import { list, record } from "~/parts/record";

/** Hosts that are named; of more it is told how many. */
const NAMED = 3;

export function Sent({ config }: { config: RunDetail["config"] }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const hosts = list(record(record(config)["target"])["hosts"]).filter((host) => typeof host === "string");
  const load = record(record(config)["load"]);
  const shape = shapeOf(load);
  const even = shape && modelOf(load) === "users";
  const most = shape && { most: tell.rate(shape.most) };
  const parts = [
    hosts.slice(0, NAMED).join(", ") + (hosts.length > NAMED ? ` +${hosts.length - NAMED}` : ""),
    most && (shape.unit === "rate" ? say("run.most_rate", most) : say(even ? "result.users" : "run.most_users", most)),
    shape && (shape.seconds === null ? say("run.takes_iterations", { count: shape.iterations ?? 0 }) : say("result.planned", { time: tell.seconds(shape.seconds) })),
  ];
  const told = parts.filter(Boolean).join(" · ");
  return told && <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>{told}</Text>;
}
