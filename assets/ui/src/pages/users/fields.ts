// What a server's refusal says about each field.

import { Problem } from "~/api/client";

/** `also` are other names that the server has for a field: `password` for `new`, for instance. */
export function fields(error: unknown): (field: string, ...also: string[]) => string | undefined {
  const errors = error instanceof Problem ? error.errors : [];
  return (field, ...also) => {
    const hit = errors.find(({ path }) => [field, ...also].some((name) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`)));
    return hit?.message;
  };
}

/** Whether all of a refusal is about fields among `shown`, and stands beside them. */
export function isBeside(error: unknown, shown: string[]): boolean {
  if (!(error instanceof Problem) || error.errors.length === 0) return false;
  return error.errors.every(({ path }) => shown.some((name) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`)));
}
