// What a comparison comes down to, in a sentence, and what it is made of.

import { Alert, List, Text } from "@mantine/core";

import type { Comparison, ComparisonMeasure } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

import { grown, told } from "./measures";
import { apartFrom, changeOf, excused, judged, verdictWith } from "./model";

const grounds = { over: "red", within: "green", worse: "red", better: "green", mixed: "yellow", same: "blue", unknown: "gray" };
/** Names that a headline has room for. */
const NAMED = 3;

type Told = Pick<ComparisonMeasure, "name" | "a" | "b" | "change">;

export function Verdict({ comparison }: { comparison: Comparison }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const verdict = verdictWith(comparison);
  const most = tell.share(comparison.max_regression ?? 0);
  const of = (name: string) => name || say("compare.all");
  const line = (name: string, measure: Told, judgement: string) => (
    <List.Item key={`${name} ${measure.name}`} style={{ overflowWrap: "anywhere" }}>
      {of(name)}, {say(`measure.${measure.name}`)}: {told(tell, measure, measure.a)} → {told(tell, measure, measure.b)} ({grown(tell, measure)}), {judgement}
    </List.Item>
  );
  const apart = apartFrom(verdict, comparison);
  const ways = (["worse", "mixed", "better"] as const).filter((way) => apart[way].length > 0);
  const exceptions = ways.map((way) => {
    const names = apart[way].slice(0, NAMED).map(({ name }) => name);
    const rest = apart[way].length - names.length;
    return say(`compare.apart_${way}`, { names: rest > 0 ? say("compare.and_more", { names: names.join(", "), count: rest }) : names.join(", ") });
  });
  const headline = say(verdict === "same" && ways.length > 0 ? "compare.verdict_same_overall" : `compare.verdict_${verdict}`, { most });
  const changed = [...judged(comparison), ...ways.flatMap((way) => apart[way])].flatMap(({ name, measures }) =>
    measures.filter((measure) => changeOf(measure) !== "same").map((measure) => line(name, measure, say(`compare.${changeOf(measure)}`))),
  );
  const beyond = comparison.regressions.map(({ request, measure, ...rest }) => line(request, { name: measure, ...rest }, say("compare.worse")));
  const lines = verdict === "over" ? beyond : changed;
  const doubtful = ways.some((way) => way !== "better") && verdict !== "worse";
  return (
    <Alert color={doubtful ? "yellow" : grounds[verdict]} title={[headline, ...exceptions].join(". ")} styles={{ title: { overflowWrap: "anywhere" } }}>
      {lines.length > 0 && <List size="sm">{lines}</List>}
      {comparison.max_regression != null && verdict !== "over" && verdict !== "unknown" && <Tolerance comparison={comparison} />}
    </Alert>
  );
}

/** What came of what is tolerated, where nothing goes beyond it: else it would seem to do nothing. */
function Tolerance({ comparison }: { comparison: Comparison }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const noise = excused(comparison).map(({ name, measure }) => `${name ? `${name} ` : ""}${say(`measure.${measure.name}`)} ${grown(tell, measure)}`);
  return (
    <Text size="sm" mt={4} style={{ overflowWrap: "anywhere" }}>
      {say("compare.none_over", { most: tell.share(comparison.max_regression ?? 0) })}
      {noise.length > 0 && ` ${say("compare.excused", { which: noise.join(", ") })}`}
    </Text>
  );
}
