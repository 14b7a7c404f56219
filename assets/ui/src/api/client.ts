// What this page asks of the server, and nothing else does: types come from the OpenAPI document.

import createClient, { type Middleware } from "openapi-fetch";

import type { Problem as ProblemBody, paths } from "./schema";

/** Where the server answers, also behind a proxy that serves it below a path of its own. */
export const BASE = new URL(import.meta.env.BASE_URL + "../..", location.origin).pathname.replace(/\/$/, "");

/** What the server says where it does not do what it is asked; status 0 where it does not answer at all. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: { path: string; message: string }[];
  readonly runId: string | null;
  readonly retryAfter: number | null;

  constructor(status: number, body: Partial<ProblemBody> = {}, retryAfter: number | null = null) {
    super(body.detail || body.title || "");
    this.status = status;
    this.code = body.code ?? "";
    this.errors = body.errors ?? [];
    this.runId = body.run_id ?? null;
    this.retryAfter = body.retry_after_s ?? retryAfter;
  }
}

// Told to this page alone, and sent with whatever changes something.
let csrf: string | null = null;
const leaving = new Set<() => void>();
const replaced = new Set<() => void>();

export const remember = (token: string | null | undefined) => void (csrf = token ?? null);

/** Calls `told` whenever the server no longer knows who asks. */
export function onSignedOut(told: () => void): () => void {
  leaving.add(told);
  return () => leaving.delete(told);
}

/** Calls `told` whenever the session may be another one than this page knows: somebody has signed in in another tab, or may do less. */
export function onReplaced(told: () => void): () => void {
  replaced.add(told);
  return () => replaced.delete(told);
}

// Requests that may have arrived although no answer came: what is sent again has the key of the first time, and is done once.
const unanswered = new Map<string, string>();
const MOST_UNANSWERED = 100;

/** Not a code of the server: it has not answered. */
const NOT_MAID = "not_maid" as ProblemBody["code"];

const ofSession = (path: string) => path.startsWith("/api/maid/auth/");

/** What changes nothing, however often it is sent: it is not kept. */
const looks = new Set<string>(["/api/maid/validate", "/api/maid/recipe-generator/validate"] satisfies (keyof paths)[]);

/** What makes a request the same as another. */
const sameAs = async (request: Request) => `${request.method} ${request.url}\n${await request.clone().text()}`;

async function keyOf(request: Request): Promise<string> {
  const same = await sameAs(request);
  const key = unanswered.get(same) ?? once();
  if (unanswered.size >= MOST_UNANSWERED) unanswered.clear();
  unanswered.set(same, key);
  return key;
}

const conduct: Middleware = {
  async onRequest({ request, schemaPath }) {
    if (request.method === "GET") return request;
    if (!ofSession(schemaPath) && !looks.has(schemaPath)) request.headers.set("idempotency-key", await keyOf(request));
    if (csrf) request.headers.set("x-csrf-token", csrf);
    return request;
  },
  async onResponse({ request, response, schemaPath }) {
    const key = request.headers.get("idempotency-key");
    for (const [same, of] of unanswered) if (of === key) unanswered.delete(same);
    // A proxy where somebody has to sign in answers for what it stands before.
    if (response.ok && response.headers.get("content-type")?.startsWith("text/html")) throw new Problem(response.status, { code: NOT_MAID });
    if (response.ok) return response;
    const body = (await response.json().catch(() => ({}))) as Partial<ProblemBody>;
    if (response.status === 401 && !ofSession(schemaPath)) leaving.forEach((told) => told());
    // Whoever is refused may have another session by now, or fewer rights; who they are is not asked again by the answer to that.
    if (body.code === "foreign_origin" || (response.status === 403 && !ofSession(schemaPath))) replaced.forEach((told) => told());
    throw new Problem(response.status, body, Number(response.headers.get("retry-after")) || null);
  },
  onError({ error }) {
    return error instanceof Problem ? error : new Problem(0);
  },
};

export const api = createClient<paths>({ baseUrl: BASE || "/", cache: "no-store", redirect: "error" });
api.use(conduct);

/** The answer of a request; whatever went wrong is thrown as a [`Problem`]. */
export async function answer<T>(asked: Promise<{ data?: T }>): Promise<NonNullable<T>> {
  return (await asked).data as NonNullable<T>;
}

/** A name that no other request has, so that what is sent twice is done once. */
export function once(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `ui-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
