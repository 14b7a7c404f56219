// What a test is given at its start, and what it lacks.

import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useMemo, useState } from "react";

import { lead, type Unfinished } from "~/editor/editing";
import type { Checked, Refused } from "~/editor/troubles";
import { useWords } from "~/i18n";
import { type Environment, fieldOf, givenOf } from "~/parts/environment-fields";

import { environmentOf, hiddenIn, lackingIn } from "./given";

/** Where it is given. */
export const ENV = "run-env";

export function useGiven(text: string) {
  const [values, set] = useState<Environment>({});
  const names = useMemo(() => environmentOf(text), [text]);
  const [isMeant, mean] = useState(false);
  const lines = useMemo(() => (isMeant ? [] : hiddenIn(text)), [text, isMeant]);
  const env = givenOf(names, values);
  // Asked about when nobody is writing one of them.
  const [asked] = useDebouncedValue(env, 500);
  return { env, asked, fields: { names, values, set }, lines, meant: () => mean(true) };
}

/** The values without which the server starts nothing: told of at their fields, in place of what the server says, which knows no fields. */
export function useLacking(checked: Checked | null, refused: Refused | null, names: string[], env: Environment) {
  const { say } = useWords();
  const seen = useMemo(() => lackingIn(checked?.errors ?? [], names), [checked, names]);
  const tried = useMemo(() => lackingIn(refused?.errors ?? [], names), [refused, names]);
  const missing = [...new Map([...tried.lacking, ...seen.lacking])].flatMap(([name, path]): Unfinished[] =>
    env[name] ? [] : [{ id: fieldOf(ENV, name), path, label: name, why: say("run.env_missing") }],
  );
  const [first] = missing;
  /** Whether all is given; whoever has not given something is led to it. */
  const ready = () => {
    if (first) lead(first);
    return !first;
  };
  // Whoever was refused is led there as well.
  useEffect(() => void (tried.lacking.size > 0 && ready()), [tried]);
  return {
    checked: useMemo(() => checked && { ...checked, errors: seen.others }, [checked, seen]),
    refused: useMemo(() => refused && { ...refused, errors: tried.others }, [refused, tried]),
    /** Whether nothing else is wrong with what was refused. */
    only: tried.lacking.size > 0 && tried.others.length === 0,
    missing,
    ready,
  };
}
