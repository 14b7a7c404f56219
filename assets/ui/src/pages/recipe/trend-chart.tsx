// p95 and the share of failures from run to run. Runs stand side by side, however long it was between them.

import "uplot/dist/uPlot.min.css";

import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useId, useRef } from "react";
import uPlot from "uplot";

import type { HistoryItem } from "~/api/schema";
import { type Figures, figures } from "~/app/figures";
import { type Say, useWords } from "~/i18n";
import { Caption } from "~/parts/caption";
import classes from "~/parts/chart.module.css";
import { colours } from "~/parts/colours";
import { Described, lineInWords } from "~/parts/described";
import { useHeight } from "~/parts/height";
import { Legend, useLegend } from "~/parts/legend";

const shareOf = ({ failures, requests }: HistoryItem) => failures / Math.max(requests, 1);

/** `runs` are the oldest first. */
export function TrendChart({ runs }: { runs: HistoryItem[] }) {
  const { say, language } = useWords();
  const { ref: box, width } = useElementSize();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const dark = useComputedColorScheme("light") === "dark";
  const id = useId();
  const height = useHeight(200);
  const { write, ...legend } = useLegend(plot);
  useEffect(() => {
    if (!place.current || width === 0) return;
    const data: uPlot.AlignedData = [runs.map((_, at) => at + 1), runs.map((run) => run.p95_ms ?? null), runs.map(shareOf)];
    const form = options(runs, legend.hidden, figures(language), dark);
    const made = new uPlot({ ...form, hooks: { setCursor: [write] }, width, height }, data, place.current);
    plot.current = made;
    write(made);
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [runs, language, dark, width, height]);
  const entries = [
    { name: say("measure.p95"), colour: colours.orange },
    { name: say("recipe.failure_share"), colour: colours.red, dashed: true },
  ];
  return (
    <figure className={classes.chart} aria-label={say("recipe.trend")} aria-describedby={id}>
      <Caption title={say("recipe.trend")} part={false} />
      <Described key={`${language} ${runs.length}`} id={id} words={() => wordsOf(say, runs, figures(language))} />
      <div ref={box}>
        <div ref={place} aria-hidden />
      </div>
      <Legend {...legend} along={say("recipe.one_run")} entries={entries} />
    </figure>
  );
}

function wordsOf(say: Say, runs: HistoryItem[], tell: Figures): string {
  const p95 = runs.map((run) => run.p95_ms ?? null);
  return [lineInWords(say, say("measure.p95"), p95, tell.ms), lineInWords(say, say("recipe.failure_share"), runs.map(shareOf), tell.share)].join(" ");
}

function options(runs: HistoryItem[], hidden: readonly number[], tell: Figures, dark: boolean): Omit<uPlot.Options, "width" | "height"> {
  const [ink, faint] = dark ? ["#a6adb8", "#2e333b"] : ["#5a6270", "#e6e8ec"];
  const axis = (more: uPlot.Axis): uPlot.Axis => ({ stroke: ink, grid: { stroke: faint, width: 1 }, ticks: { show: false }, ...more });
  const points = (colour: string) => ({ show: true, size: 7, fill: colour, stroke: colour });
  // As many as there is room for.
  const every = Math.ceil(runs.length / 12);
  const numbers = runs.map((_, at) => at + 1).filter((at) => (at - 1) % every === 0);
  const of = (at: number) => runs[at - 1];
  return {
    cursor: { drag: { x: false, y: false } },
    legend: { show: false },
    scales: {
      x: { time: false, range: [0.5, runs.length + 0.5] },
      // Where all is hidden there is no most.
      ms: { range: (_, __, most) => [0, most > 0 ? most * 1.15 : 1] },
      share: { range: (_, __, most) => [0, Math.max(most * 1.15, 0.01)] },
    },
    axes: [
      axis({ splits: () => numbers, values: (_, values) => values.map((at) => `#${at}`), grid: { show: false } }),
      axis({ scale: "ms", values: (_, values) => values.map((value) => tell.ms(value)), size: 64 }),
      axis({ scale: "share", side: 1, values: (_, values) => values.map((value) => tell.share(value)), size: 56, grid: { show: false } }),
    ],
    series: [
      { value: (_, at) => (at == null || !of(at) ? "–" : `#${at} ${tell.when(of(at)?.started_at ?? of(at)?.created_at)}`) },
      { show: !hidden.includes(0), scale: "ms", stroke: colours.orange, width: 2, points: points(colours.orange), value: (_, value) => tell.ms(value) },
      {
        show: !hidden.includes(1), scale: "share", stroke: colours.red, width: 1.5, dash: [6, 4], points: points(colours.red),
        value: (_, value) => (value == null ? "–" : tell.share(value)),
      },
    ],
  };
}
