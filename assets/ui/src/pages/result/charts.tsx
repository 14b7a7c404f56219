// How the run went over time.

import { SimpleGrid } from "@mantine/core";

import type { OutcomeLatency } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { Chart } from "~/parts/chart";
import type { Span } from "~/parts/chart-form";
import { colours } from "~/parts/colours";
import { Heat } from "~/parts/heat";

import type { Series } from "./model";

interface Props {
  series: Series;
  /** What was measured of all answers, once the run is over. */
  times: OutcomeLatency | undefined;
  marked: [number, number] | null;
}

export function Charts({ series, times, marked }: Props) {
  const { say, language } = useWords();
  const tell = figures(language);
  const { at, spread } = series;
  // A step of the spread is as wide as it is long; lines are points at its beginning.
  const span: Span = [Math.min(at[0] ?? 0, spread?.at[0] ?? Infinity), Math.max(at.at(-1) ?? 0, (spread?.at.at(-1) ?? 0) + (spread?.step ?? 0))];
  const common = { at, marked, span };
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Chart
        {...common} title={say("result.chart_load")}
        lines={[
          { name: say("measure.rps"), colour: colours.blue, values: series.rps, tell: tell.rate, fill: true },
          { name: say("measure.users"), colour: colours.grey, values: series.users, tell: tell.count, right: true, dashed: true },
        ]}
      />
      <Chart
        {...common} title={say("result.chart_times")}
        lines={[
          { name: say("measure.p50"), colour: colours.green, values: series.p50, tell: tell.ms },
          { name: say("measure.p95"), colour: colours.orange, values: series.p95, tell: tell.ms },
          { name: say("measure.p99"), colour: colours.pink, values: series.p99, tell: tell.ms, dashed: true },
        ]}
      />
      <Chart
        {...common} title={say("result.chart_failures")} height={160} wide={!spread}
        lines={[{ name: say("measure.failures"), colour: colours.red, values: series.failures, tell: tell.rate, fill: true }]}
      />
      {spread && (
        <Heat {...spread} exact={times} span={span} title={say("result.chart_heat")} why={say("result.heat_why")} tell={tell.ms} height={160} />
      )}
    </SimpleGrid>
  );
}
