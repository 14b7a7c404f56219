// p95 and the share of failures from run to run. Runs stand side by side, however long it was between them.

import "uplot/dist/uPlot.min.css";

import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import uPlot from "uplot";

import type { HistoryItem } from "~/api/schema";
import { type Figures, figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { colours } from "~/parts/colours";
import classes from "~/parts/chart.module.css";

const HEIGHT = 220;

/** `runs` are the oldest first. */
export function TrendChart({ runs }: { runs: HistoryItem[] }) {
  const { say, language } = useWords();
  const { ref: box, width } = useElementSize();
  const place = useRef<HTMLDivElement>(null);
  const dark = useComputedColorScheme("light") === "dark";
  useEffect(() => {
    if (!place.current || width === 0) return;
    const names = [say("recipe.one_run"), say("measure.p95"), say("recipe.failure_share")] as const;
    const data: uPlot.AlignedData = [
      runs.map((_, at) => at + 1),
      runs.map((run) => run.p95_ms ?? null),
      runs.map((run) => run.failures / Math.max(run.requests, 1)),
    ];
    const plot = new uPlot({ ...options(runs, names, figures(language), dark), width, height: HEIGHT }, data, place.current);
    return () => plot.destroy();
  }, [runs, language, dark, width]);
  return (
    <figure className={classes.chart} aria-label={say("recipe.trend")}>
      <figcaption className={classes.title}>{say("recipe.trend")}</figcaption>
      <div ref={box}>
        <div ref={place} />
      </div>
    </figure>
  );
}

function options(runs: HistoryItem[], [run, p95, failures]: readonly [string, string, string], tell: Figures, dark: boolean): Omit<uPlot.Options, "width" | "height"> {
  const [ink, faint] = dark ? ["#a6adb8", "#2e333b"] : ["#5a6270", "#e6e8ec"];
  const axis = (more: uPlot.Axis): uPlot.Axis => ({ stroke: ink, grid: { stroke: faint, width: 1 }, ticks: { show: false }, ...more });
  const points = (colour: string) => ({ show: true, size: 7, fill: colour, stroke: colour });
  // As many as there is room for.
  const every = Math.ceil(runs.length / 12);
  const numbers = runs.map((_, at) => at + 1).filter((at) => (at - 1) % every === 0);
  const of = (at: number) => runs[at - 1];
  return {
    cursor: { drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: [0.5, runs.length + 0.5] },
      ms: { range: (_, __, most) => [0, Math.max(most * 1.15, 1e-3)] },
      share: { range: (_, __, most) => [0, Math.max(most * 1.15, 0.01)] },
    },
    axes: [
      axis({ splits: () => numbers, values: (_, values) => values.map((at) => `#${at}`), grid: { show: false } }),
      axis({ scale: "ms", values: (_, values) => values.map((value) => tell.ms(value)), size: 64 }),
      axis({ scale: "share", side: 1, values: (_, values) => values.map((value) => tell.share(value)), size: 56, grid: { show: false } }),
    ],
    series: [
      { label: run, value: (_, at) => (at == null || !of(at) ? "–" : `#${at} ${tell.when(of(at)?.started_at ?? of(at)?.created_at)}`) },
      { label: p95, scale: "ms", stroke: colours.orange, width: 2, points: points(colours.orange), value: (_, value) => tell.ms(value) },
      {
        label: failures, scale: "share", stroke: colours.red, width: 1.5, dash: [6, 4], points: points(colours.red),
        value: (_, value) => (value == null ? "–" : tell.share(value)),
      },
    ],
  };
}
