// What a run was doing when: its phases, as long as they took.

import { figures } from "~/app/figures";
import { type Key, useWords } from "~/i18n";
import { clock } from "~/parts/clock";

import classes from "./phases.module.css";

export interface Phase {
  /** As the server calls it. */
  name: string;
  /** Seconds since the run began. */
  start: number;
}

const named = ["increase", "maintain", "decrease", "shutdown"];

export function Phases({ phases, end }: { phases: Phase[]; end: number }) {
  const { say, language } = useWords();
  const tell = figures(language);
  if (phases.length === 0) return null;
  return (
    <ol className={classes.phases} aria-label={say("result.phases")}>
      {phases.map(({ name, start }, place) => {
        const until = phases[place + 1]?.start ?? Math.max(end, start);
        const told = named.includes(name) ? say(`phase.${name}` as Key) : name;
        return (
          <li key={`${start}-${name}`} data-phase={name} style={{ flexGrow: Math.max(until - start, 0.001) }} title={`${told}: ${clock(start)} – ${clock(until)} (${tell.seconds(until - start)})`}>
            <span>{told}</span>
          </li>
        );
      })}
    </ol>
  );
}
