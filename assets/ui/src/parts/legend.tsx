// What the lines of a chart are called. Each name shows or hides its line, and has beside it the value at the cursor.

import { type RefObject, useRef, useState } from "react";
import type uPlot from "uplot";

import { useWords } from "~/i18n";

import classes from "./chart.module.css";

export interface Entry {
  name: string;
  colour: string;
  dashed?: boolean;
}

/** What is hidden of a plot, and where its values are written: past React, as often as the cursor moves. */
export function useLegend(plot: RefObject<uPlot | null>) {
  const places = useRef<(HTMLElement | null)[]>([]);
  const [hidden, hide] = useState<readonly number[]>([]);
  const toggle = (line: number) => {
    const shown = !hidden.includes(line);
    plot.current?.setSeries(line + 1, { show: !shown });
    hide(shown ? [...hidden, line] : hidden.filter((other) => other !== line));
  };
  const write = (drawn: uPlot) =>
    drawn.series.forEach(({ value }, series) => {
      const place = places.current[series];
      const at = drawn.cursor.idxs?.[series] ?? null;
      if (place && typeof value === "function") place.textContent = at === null ? "–" : `${value(drawn, drawn.data[series]?.[at] as number, series, at)}`;
    });
  return { hidden, toggle, places, write };
}

interface Props extends Pick<ReturnType<typeof useLegend>, "hidden" | "toggle" | "places"> {
  /** What runs along. */
  along: string;
  entries: Entry[];
}

export function Legend({ along, entries, hidden, toggle, places }: Props) {
  const { say } = useWords();
  const value = (place: number) => <span ref={(element) => void (places.current[place] = element)} className={classes.value} aria-hidden />;
  return (
    <ul className={classes.legend} aria-label={say("chart.lines")}>
      <li className={classes.along} aria-hidden>{along}: {value(0)}</li>
      {entries.map(({ name, colour, dashed }, line) => (
        <li key={line}>
          <button type="button" aria-pressed={!hidden.includes(line)} onClick={() => toggle(line)}>
            <svg width={16} height={10} aria-hidden>
              <line x1={0} x2={16} y1={5} y2={5} stroke={colour} strokeWidth={3} strokeDasharray={dashed ? "6 4" : undefined} />
            </svg>
            <span>{name}</span>
          </button>
          {value(line + 1)}
        </li>
      ))}
    </ul>
  );
}
