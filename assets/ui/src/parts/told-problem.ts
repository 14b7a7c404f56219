// What is said of something that went wrong, in words of the server where it has any.

import { Problem } from "~/api/client";
import type { Say } from "~/i18n";

export interface ToldProblem {
  text: string;
  /** Whether these are words of the server, which speaks English. */
  english: boolean;
}

/** Whether it may work by itself in a moment. */
export const isPassing = (error: unknown): boolean => error instanceof Problem && (error.status === 0 || error.status >= 502);

/** Whether there is nothing of that name, or what names it cannot be the name of anything. */
export const isGone = (error: unknown): boolean => error instanceof Problem && (error.status === 404 || error.code === "bad_id");

/** `asksAgain` says whether it is asked again without anybody doing anything. */
export function toldProblem(error: unknown, say: Say, asksAgain = false): ToldProblem {
  const ours = (text: string) => ({ text, english: false });
  if (!(error instanceof Problem)) return { text: String(error), english: true };
  if (error.status === 0) return ours(say(asksAgain ? "problem.none" : "problem.not_done"));
  if (error.code === "not_maid") return ours(say("problem.not_maid"));
  if (error.code === "unauthenticated" || (error.status === 401 && !error.message)) return ours(say("problem.session"));
  if (!error.message) return ours(say(error.status === 429 ? "problem.too_often" : "problem.silent", { status: error.status }));
  return { text: error.message, english: true };
}
