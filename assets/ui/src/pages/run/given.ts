// What a test wants that is not written in it: variables of the environment, and secrets that were hidden.

import type { Problem } from "~/api/client";

/** Variables of the environment that a text reads, each once. */
export function environmentOf(text: string): string[] {
  const names = text.matchAll(/\$\{env:([A-Za-z_][A-Za-z0-9_]*)/g);
  return [...new Set(Array.from(names, ([, name]) => name as string))].sort();
}

/** What a test takes that is not kept with its run. */
export interface Taken {
  secrets: boolean;
  environment: boolean;
}

/** The server hides a secret as `***`, and runs nothing again that has this anywhere. */
export function takes(test: unknown): Taken {
  const texts = textsIn(test);
  return { secrets: texts.some((text) => text.includes("***")), environment: environmentOf(texts.join("\n")).length > 0 };
}

/** Whether a start was refused for want of that. What it has itself, or a recipe, the server alone knows: it is asked first. */
export const lacks = ({ environment }: Taken, { code, errors }: Pick<Problem, "code" | "errors">): boolean =>
  environment && code === "invalid_loadtest" && errors.some(({ message }) => message.includes("${env:"));

/** The variables that are said to have no value, each with the first place that reads it, and what is said of anything else. */
export function lackingIn<E extends { path: string; message: string }>(errors: E[], names: string[]): { lacking: Map<string, string>; others: E[] } {
  const lacking = new Map<string, string>();
  const others = errors.filter(({ path, message }) => {
    const [, name = ""] = /^`\$\{env:(\w+)\}` (?:has no value|is set in the environment but not allowed):/.exec(message) ?? [];
    if (!names.includes(name)) return true;
    if (!lacking.has(name)) lacking.set(name, path);
    return false;
  });
  return { lacking, others };
}

/** All that is written in it, names as well as values: both may be templates. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.entries(value).flatMap(([name, inside]) => [name, ...textsIn(inside)]) : [];
}

/** The lines on which `***` stands for a secret, as in the test of a run that was stored. */
export function hiddenIn(text: string): number[] {
  return text.split("\n").flatMap((line, at) => (/(?<![*\w])\*{3}(?![*\w])/.test(line.replace(/(^|\s)#.*$/, "")) ? [at + 1] : []));
}
