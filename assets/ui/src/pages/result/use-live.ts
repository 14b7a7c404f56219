// What the stream tells of one run.

import { useEffect, useReducer, useRef } from "react";

import type { MetricsEvent, OutcomeSeries } from "~/api/schema";
import { useTopic } from "~/live/use";

import { type Figures, figuresOfMetrics, noSeries, push, type RequestRow, rowsOfMetrics, type Series, seriesOf } from "./model";

interface Known {
  series: Series;
  rows: RequestRow[];
  latest: MetricsEvent | null;
}

/** The figures and the series of a run that goes on. What comes between two frames is shown by the next one. */
export function useLive(id: string, wanted: boolean): { figures: Figures | null; series: Series } {
  const known = useRef<Known>({ series: noSeries(), rows: [], latest: null });
  const frame = useRef(0);
  const [, paint] = useReducer((count: number) => count + 1, 0);

  useTopic(
    "maid:metrics",
    ({ run_id, data }) => {
      if (run_id !== id) return;
      const now = known.current;
      if (data.series) now.series = seriesOf(data.series as unknown as OutcomeSeries);
      if (data.by_request) now.rows = rowsOfMetrics(data.by_request);
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

  const { series, rows, latest } = known.current;
  return { figures: latest && figuresOfMetrics(latest, rows), series };
}
