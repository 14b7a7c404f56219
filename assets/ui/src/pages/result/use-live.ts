// What the stream tells of one run.

import { useEffect, useReducer, useRef } from "react";

import type { MetricsEvent, OutcomeSeries, ThresholdNow } from "~/api/schema";
import { useTopic } from "~/live/use";

import { type Figures, figuresOfMetrics, noSeries, push, type RequestRow, rowsOfMetrics, type Series, seriesOf } from "./model";
import type { Phase } from "./phases";
import { tell, type Trends } from "./trends";

interface Known {
  series: Series;
  rows: RequestRow[];
  trends: Trends;
  phases: Phase[];
  thresholds: ThresholdNow[];
  latest: MetricsEvent | null;
}

interface Live {
  figures: Figures | null;
  series: Series;
  trends: Trends;
  phases: Phase[];
  thresholds: ThresholdNow[];
}

/** The figures and the series of a run that goes on. What comes between two frames is shown by the next one. */
export function useLive(id: string, wanted: boolean): Live {
  const known = useRef<Known>({ series: noSeries(), rows: [], trends: new Map(), phases: [], thresholds: [], latest: null });
  const frame = useRef(0);
  const [, paint] = useReducer((count: number) => count + 1, 0);

  useTopic(
    "maid:metrics",
    ({ run_id, data }) => {
      if (run_id !== id) return;
      const now = known.current;
      if (data.series) now.series = seriesOf(data.series as unknown as OutcomeSeries);
      if (data.by_request) {
        now.rows = rowsOfMetrics(data.by_request);
        tell(now.trends, data.elapsed_s, now.rows);
      }
      if (data.phases) now.phases = data.phases.map(({ phase, start_s }) => ({ name: phase, start: start_s }));
      if (data.thresholds) now.thresholds = data.thresholds;
      push(now.series, data);
      now.latest = data;
      frame.current ||= requestAnimationFrame(() => {
        frame.current = 0;
        paint();
      });
    },
    wanted,
  );
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  const { series, rows, trends, phases, thresholds, latest } = known.current;
  return { figures: latest && figuresOfMetrics(latest, rows), series, trends, phases, thresholds };
}
