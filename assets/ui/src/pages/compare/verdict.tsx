// What a comparison comes down to, in a sentence, and what it is made of.

import { Alert, List } from "@mantine/core";

import type { Comparison, ComparisonMeasure } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

import { grown, told } from "./measures";
import { changeOf, judged, verdictWith } from "./model";

const grounds = { over: "red", within: "green", worse: "red", better: "green", mixed: "yellow", same: "blue", unknown: "gray" };

type Told = Pick<ComparisonMeasure, "name" | "a" | "b" | "change">;

export function Verdict({ comparison }: { comparison: Comparison }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const verdict = verdictWith(comparison);
  const most = tell.share(comparison.max_regression ?? 0);
  const line = (name: string, measure: Told, judgement: string) => (
    <List.Item key={`${name} ${measure.name}`} style={{ overflowWrap: "anywhere" }}>
      {name} {say(`measure.${measure.name}`)}: {told(tell, measure, measure.a)} → {told(tell, measure, measure.b)} ({grown(tell, measure)}), {judgement}
    </List.Item>
  );
  const changed = judged(comparison).flatMap(({ name, measures }) =>
    measures.filter((measure) => changeOf(measure) !== "same").map((measure) => line(name, measure, say(`compare.${changeOf(measure)}`))),
  );
  const beyond = comparison.regressions.map(({ request, measure, ...rest }) => line(request, { name: measure, ...rest }, say("compare.worse")));
  const lines = verdict === "over" ? beyond : changed;
  return (
    <Alert color={grounds[verdict]} title={say(`compare.verdict_${verdict}`, { most })}>
      {lines.length > 0 && <List size="sm">{lines}</List>}
    </Alert>
  );
}
