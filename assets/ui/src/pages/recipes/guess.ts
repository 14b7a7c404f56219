// What a text is most likely written in.

import type { ImportFormat } from "~/api/schema";

export const formats: ImportFormat[] = ["openapi", "har", "postman", "curl", "urls", "k6", "locust"];

/** How far into a long document is looked for what gives it away. */
const HEAD = 20_000;

/** `null` where nothing gives it away. */
export function guess(text: string): ImportFormat | null {
  const head = text.slice(0, HEAD).trimStart();
  if (head.startsWith("{")) {
    if (/"openapi"\s*:/.test(head)) return "openapi";
    if (/"_postman_id"|schema\.getpostman\.com/.test(head)) return "postman";
    if (/"log"\s*:\s*\{/.test(head)) return "har";
    return null;
  }
  if (/^["']?openapi["']?\s*:/m.test(head)) return "openapi";
  if (/\bfrom\s+locust\b|\bimport\s+locust\b/.test(head)) return "locust";
  if (/from\s+["']k6(\/|["'])|require\(["']k6/.test(head)) return "k6";
  if (/^\s*(\$\s+)?curl\s/m.test(head)) return "curl";
  const lines = head.split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
  if (lines.length > 0 && lines.every((line) => /^([A-Z]+\s+)?https?:\/\/\S+$/.test(line))) return "urls";
  return null;
}

/** What MAID itself writes. */
export type Own = "recipe" | "loadtest";

/** What a text of MAID's own is; `null` where it is none. */
export function own(text: string): Own | null {
  return has(text, "loadtest") ? "recipe" : has(text, "scenarios") && foreign(text) === null ? "loadtest" : null;
}

/** What a text is that is no test itself. */
export function foreign(text: string): ImportFormat | null {
  const format = guess(text);
  if (format === null || format === "k6" || format === "locust") return format;
  return has(text, "scenarios") || has(text, "loadtest") ? null : format;
}

/** Whether a document has a key, and not only within something. */
function has(text: string, wanted: string): boolean {
  if (!text.trimStart().startsWith("{")) {
    let [root, found] = [Infinity, Infinity];
    for (const [, blank = "", , key] of text.matchAll(/^( *)(["']?)(\w+)\2\s*:/gm)) {
      root = Math.min(root, blank.length);
      if (key === wanted) found = Math.min(found, blank.length);
    }
    return found === root && root < Infinity;
  }
  try {
    return wanted in JSON.parse(text);
  } catch {
    return false;
  }
}
