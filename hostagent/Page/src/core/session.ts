// Who uses the page, and what they may. The host decides; the page only leaves out what would be refused.
import { call, get, post, whenRefused, type Problem } from "./api";
import { store } from "./store";
import type { Me, Right } from "./types";

// A host without API keys: as its page of before, it lets this machine do everything and refuses the rest by itself.
const Everybody: Me = { name: "local", role: "admin", rights: ["read", "lower", "raise", "abandon", "operate", "admin"], authRequired: false };

/** Null until the host has said it. */
export const me = store<Me | null>(null);

/** True if the page should show what needs this right. */
export const may = (right: Right): boolean => me.value?.rights.includes(right) ?? false;

/** Asks the host who this is. False if it did not answer. */
export async function loadMe(): Promise<boolean> {
  const answer = await get<Me>("api/me");
  const next = answer.ok ? answer.value : answer.problem.status === 404 ? Everybody : null;
  if (next && JSON.stringify(next) !== JSON.stringify(me.value)) me.set(next);
  return next !== null;
}

/** Begins a session. Null if it began; else what the host said. */
export async function signIn(key: string): Promise<Problem | null> {
  const answer = await post<unknown>("api/session", { key });
  if (!answer.ok) return answer.problem;
  await loadMe();
  return null;
}

/** Ends the session. Null if it ended; else what the host said. */
export async function signOut(): Promise<Problem | null> {
  const answer = await call("api/session", { method: "DELETE" });
  await loadMe();
  return answer.ok ? null : answer.problem;
}

// Rights that are taken away are seen by themselves, not only at the next click.
const LookMs = 15_000;

export function startSession(): void {
  whenRefused(() => void loadMe());
  setInterval(() => document.hidden || !me.value?.authRequired || void loadMe(), LookMs);
}
