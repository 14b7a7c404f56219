// A line of a table's row over time, to be looked at beside its figures.

import { memo } from "react";

import { colours } from "~/parts/colours";

import type { Trend } from "./trends";

const [WIDE, HIGH] = [96, 24];

/** Drawn anew where the trend is another, or the run has got longer. */
export const Sparkline = memo(function Sparkline({ trend, end }: { trend: Trend; end: number }) {
  const { at, rps } = trend;
  const most = Math.max(...rps, Number.MIN_VALUE);
  const whole = Math.max(end, at.at(-1) ?? 0, Number.MIN_VALUE);
  const points = rps.map((value, place) => `${(((at[place] ?? 0) / whole) * WIDE).toFixed(1)},${((1 - value / most) * (HIGH - 2) + 1).toFixed(1)}`);
  const [first = 0, last = 0] = [at[0], at.at(-1)].map((second) => ((second ?? 0) / whole) * WIDE);
  return (
    <svg width={WIDE} height={HIGH} viewBox={`0 0 ${WIDE} ${HIGH}`} aria-hidden style={{ display: "block" }}>
      <polygon points={`${first},${HIGH} ${points.join(" ")} ${last},${HIGH}`} fill={colours.blue} opacity={0.15} />
      <polyline points={points.join(" ")} fill="none" stroke={colours.blue} strokeWidth={1.5} strokeLinejoin="round" />
    </svg>
  );
});
