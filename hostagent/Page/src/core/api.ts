// The one way to the host's REST interface. Errors are values: every call gives an Answer that the caller looks at.

/** What the host refuses with (problem+json), or what stands for it when it could not be reached. */
export interface Problem {
  /** HTTP status; 0 if the host did not answer. */
  status: number;
  title: string;
  detail: string;
  /** Member of the request that is to blame, or "". */
  field: string;
}

export type Answer<T> = { ok: true; status: number; value: T; headers: Headers } | { ok: false; problem: Problem };

export interface CallOptions {
  method?: "GET" | "POST" | "PUT" | "DELETE" | "PATCH";
  body?: unknown;
  /** Makes a repeat safe: draw it once per intention with `newKey`, and send it again with a retry. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** Longest wait, ms; 15 s. */
  timeoutMs?: number;
}

let onRefused: () => void = () => {};

/** Says what to do when the host no longer knows who asks (401), or no longer lets him (403). */
export function whenRefused(act: () => void): void {
  onRefused = act;
}

/** A fresh Idempotency-Key. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Calls the host. `path` is relative, such as "api/site", so that the page works below a proxy's path too. */
export async function call<T>(path: string, options: CallOptions = {}): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (options.idempotencyKey) headers["Idempotency-Key"] = options.idempotencyKey;
  const end = new AbortController();
  const stop = (): void => end.abort();
  const timer = setTimeout(stop, options.timeoutMs ?? 15_000);
  options.signal?.addEventListener("abort", stop);
  if (options.signal?.aborted) stop();
  try {
    const init: RequestInit = { method: options.method ?? "GET", headers, signal: end.signal, credentials: "same-origin", cache: "no-store" };
    if (options.body !== undefined) init.body = JSON.stringify(options.body);
    const response = await fetch(path, init);
    const text = await response.text();
    if (response.ok) return { ok: true, status: response.status, value: (text.length > 0 ? JSON.parse(text) : null) as T, headers: response.headers };
    if (response.status === 401 || response.status === 403) onRefused();
    return { ok: false, problem: problemOf(response.status, text) };
  } catch (error) {
    return { ok: false, problem: { status: 0, title: "", detail: error instanceof SyntaxError ? "The host's answer is not JSON." : "", field: "" } };
  } finally {
    clearTimeout(timer);
    // A view that stays open for weeks asks each second: its signal keeps no call that is over.
    options.signal?.removeEventListener("abort", stop);
  }
}

export const get = <T>(path: string, signal?: AbortSignal): Promise<Answer<T>> => call<T>(path, signal ? { signal } : {});

export const post = <T>(path: string, body: unknown, options: CallOptions = {}): Promise<Answer<T>> => call<T>(path, { ...options, method: "POST", body });

export const remove = <T>(path: string): Promise<Answer<T>> => call<T>(path, { method: "DELETE" });

/** Reads problem+json; anything else becomes a problem with its status. */
export function problemOf(status: number, text: string): Problem {
  try {
    const body = JSON.parse(text) as Partial<Problem>;
    return { status, title: body.title ?? "", detail: body.detail ?? "", field: body.field ?? "" };
  } catch {
    return { status, title: "", detail: "", field: "" };
  }
}

/** Path with each part escaped: at`api/boards/${pod}/${board}`. */
export function at(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return parts.reduce((all, part, i) => all + part + (i < values.length ? encodeURIComponent(String(values[i])) : ""), "");
}
