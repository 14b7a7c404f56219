// What a dry run has shown, as people read it.

import type { DryRunStep } from "~/api/schema";
import { list, methodOf, record } from "~/parts/record";

/** Deeper than this, nothing is moved further in. */
const DEEPEST = 20;

/** A body, laid out where it is JSON. Its values stay as they are written: numbers may be larger than those of JavaScript. */
export function shown(body: string): string {
  if (!/^\s*[[{]/.test(body) || !isJson(body)) return body;
  const tokens = body.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g) ?? [];
  let depth = 0;
  const line = () => `\n${"  ".repeat(Math.min(depth, DEEPEST))}`;
  const laid = tokens.map((token, index) => {
    if (token === "[" || token === "{") {
      depth += 1;
      return /^[\]}]$/.test(tokens[index + 1] ?? "") ? token : token + line();
    }
    if (token === "]" || token === "}") {
      depth -= 1;
      return /^[[{]$/.test(tokens[index - 1] ?? "") ? token : line() + token;
    }
    return token === "," ? `,${line()}` : token === ":" ? ": " : token;
  });
  return laid.join("");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Requests of one transaction, each with its place among all. */
export interface Part {
  scenario: string;
  part: DryRunStep["part"];
  transaction: string;
  steps: { step: DryRunStep; place: number }[];
}

/** The requests below what they belong to. */
export function grouped(steps: DryRunStep[]): Part[] {
  const parts: Part[] = [];
  steps.forEach((step, place) => {
    const { scenario, part, transaction } = step;
    const last = parts.at(-1);
    if (last?.scenario === scenario && last.part === part && last.transaction === transaction) last.steps.push({ step, place });
    else parts.push({ scenario, part, transaction, steps: [{ step, place }] });
  });
  return parts;
}

/** What of a test was not sent, because a request before it in its transaction failed. */
export function unsent({ scenario, part, transaction, steps }: Part, test: unknown): string[] {
  if (!steps.at(-1)?.step.failure) return [];
  const named = (all: unknown, name: string) => record(list(all).find((one) => record(one)["name"] === name));
  const whole = named(named(record(test)["scenarios"], scenario)[part], transaction);
  const rest = list(whole["requests"]).slice(steps.length).map(record);
  return rest.map((request) => String(request["name"] ?? `${methodOf(request)} ${String(request["path"] ?? "/")}`));
}
