// What this page asks of the server.

const API = new URL("../api/maid", document.baseURI).pathname;

/** What the server says where it does not do what it is asked; status 0 where it says nothing at all. */
export class Problem extends Error {
  constructor(status, body = {}, retryAfter = null) {
    super(body.detail || body.title || `${status}`);
    this.status = status;
    this.code = body.code ?? "";
    this.title = body.title ?? "";
    this.detail = body.detail ?? "";
    this.errors = Array.isArray(body.errors) ? body.errors : [];
    this.retryAfter = retryAfter;
  }
}

// Told to this page alone, and sent with whatever changes something.
let csrf = null;

async function ask(method, path, body, headers = {}) {
  const request = { method, headers: { accept: "application/json", ...headers }, cache: "no-store", redirect: "error" };
  if (method !== "GET") {
    request.headers["content-type"] = "application/json";
    request.body = JSON.stringify(body ?? {});
    if (csrf) request.headers["x-csrf-token"] = csrf;
  }
  let answer;
  try {
    answer = await fetch(API + path, request);
  } catch {
    throw new Problem(0);
  }
  const read = await answer.json().catch(() => null);
  if (!answer.ok) throw new Problem(answer.status, read ?? {}, Number(answer.headers.get("retry-after")) || null);
  return read;
}

/** Whoever is signed in. */
export async function me() {
  const who = await ask("GET", "/auth/me");
  csrf = who.csrf_token ?? null;
  return who;
}

export async function signIn(username, password) {
  const session = await ask("POST", "/auth/login", { username, password, cookie: true });
  csrf = session.csrf_token ?? null;
}

export async function signOut() {
  await ask("POST", "/auth/logout");
  csrf = null;
}

/** Providers to sign in with; none where they cannot be had. */
export const providers = () => ask("GET", "/auth/oidc").then((found) => found.providers ?? [], () => []);

/** Where signing in with a provider begins, to come back to `path`. */
export const providerPage = (id, path) =>
  `${API}/auth/oidc/${encodeURIComponent(id)}/login?return_to=${encodeURIComponent(path)}`;

/** What the link with this query holds. */
export const open = (query) => ask("GET", `/deeplinks/open?${query}`);

/** Starts a run. The same `key` starts nothing twice. */
export const start = (wanted, key) => ask("POST", "/run", wanted, { "idempotency-key": key });

export const status = () => ask("GET", "/status");
export const run = (id) => ask("GET", `/runs/${id}`);
export const stop = (id) => ask("POST", "/stop", { run_id: id });
export const reportOf = (id) => `${API}/runs/${id}/report.html`;

/** A name that no other request has. Browsers have `randomUUID` only where there is TLS. */
export function uniqueKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `page-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
