// The test that the answers to three questions make.

import { another, write } from "~/editor/document";

import { fieldsOf, isOneOf, isText } from "~/parts/fits";

import { seconds } from "./shape";

export const choices = ["gentle", "normal", "hard", "own"] as const;
export type Amount = (typeof choices)[number];

export interface Answers {
  url: string;
  paths: string;
  amount: Amount;
  users: string;
  time: string;
  p95: string;
}

export const isAnswers = fieldsOf<Answers>({ url: isText, paths: isText, amount: isOneOf(choices), users: isText, time: isText, p95: isText });

export const none: Answers = { url: "", paths: "", amount: "gentle", users: "20", time: "30s", p95: "500ms" };

export const amounts: Record<Exclude<Amount, "own">, { users: number; time: string }> = {
  gentle: { users: 5, time: "15s" },
  normal: { users: 50, time: "1m" },
  hard: { users: 200, time: "3m" },
};

/** People pause between two pages. */
export const pause = { min: "500ms", max: "2s" };

/** The address as one, also where its scheme was left out. */
export function address(text: string): URL | null {
  const local = /^(localhost|127\.|\[::1\]|[^./]+:\d+)/.test(text.trim());
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text.trim()) ? text.trim() : `${local ? "http" : "https"}://${text.trim()}`;
  try {
    const url = new URL(whole);
    return /^https?:$/.test(url.protocol) && /^[^\s%]+$/.test(url.hostname) ? url : null;
  } catch {
    return null;
  }
}

/** The longest address that recipes are looked for. */
const LONGEST = 1000;

/** What is told of an address where recipes are looked for it: where, and not as whom or with what. Nothing while it is none. */
export function asked(text: string): string | null {
  const url = address(text);
  const whole = url && url.origin + url.pathname;
  return whole && whole.length <= LONGEST ? whole : null;
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

export interface Sent {
  method: string;
  path: string;
}

/** What an address has behind its host is the first that is asked for, and the address is that of the host. */
export function parted(answers: Answers): Answers {
  const url = address(answers.url);
  const path = url ? url.pathname + url.search : "/";
  if (!url || path === "/") return answers;
  const known = linesOf(answers).some((line) => same(request(line), { method: "GET", path }));
  return { ...answers, url: url.origin, paths: known ? answers.paths : `${path}\n${answers.paths}`.trim() };
}

const same = (one: Sent | null, other: Sent): boolean => one?.method === other.method && one.path === other.path;

/** What is asked for, a line each; what cannot be read is `null`. */
export function requests(answers: Answers): (Sent | null)[] {
  const lines = linesOf(parted(answers));
  return lines.length === 0 ? [{ method: "GET", path: "/" }] : lines.map(request);
}

/** The lines that cannot be read, as they are written. */
export const unread = (answers: Answers): string[] => linesOf(answers).filter((line) => request(line) === null);

const linesOf = ({ paths }: Answers): string[] => paths.split("\n").map((line) => line.trim()).filter(Boolean);

function request(line: string): Sent | null {
  const [, method = "GET", path] = /^(?:([A-Za-z]+)\s+)?(\S+)$/.exec(line) ?? [];
  if (!path || !methods.includes(method.toUpperCase())) return null;
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(path);
  if (whole && address(path) === null) return null;
  return { method: method.toUpperCase(), path: whole || path.startsWith("/") ? path : `/${path}` };
}

/** The host that all of it is sent to. */
export const base = (answers: Answers): string => address(answers.url)?.origin ?? "";

/** What is sent, each with its whole address. */
export function sentTo(answers: Answers): Sent[] {
  const host = base(answers);
  return requests(answers).flatMap((sent) => (sent ? [{ ...sent, path: /^https?:/i.test(sent.path) ? sent.path : host + sent.path }] : []));
}

/** How many users, and for how long; nothing where it is not said. */
export function load({ amount, users, time }: Answers): { users: number; time: string } | null {
  if (amount !== "own") return amounts[amount];
  const count = Number(users);
  return Number.isInteger(count) && count > 0 && seconds(time) ? { users: count, time } : null;
}

export const limit = ({ p95 }: Answers): string | null => (seconds(p95) ? p95 : null);

/** The test as text. */
export function test(answers: Answers, title: string): string {
  const much = load(answers) ?? amounts.gentle;
  const names: string[] = [];
  const transactions = requests(answers).flatMap((sent) => {
    if (!sent) return [];
    const name = another(`${sent.method} ${sent.path}`.slice(0, 150), names);
    names.push(name);
    return [{ name, requests: [sent] }];
  });
  return write({
    version: 1,
    name: title,
    target: { hosts: [base(answers)] },
    load: { users: much.users, hatch_rate: Math.max(1, Math.ceil(much.users / 5)), run_time: much.time },
    scenarios: [{ name: "visitor", think_time: pause, transactions }],
    thresholds: [`p95 < ${answers.p95}`, "error_rate < 1%"],
  });
}
