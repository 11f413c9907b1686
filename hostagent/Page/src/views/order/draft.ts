// An order as it is being composed, and the request that it becomes. Nothing of the screen: this can be tested by itself.
import type { OrderClass } from "../../core/types";

export interface Draft {
  /** "site", a feeder, a pod, or "pod/board". */
  node: string;
  class: OrderClass;
  /** Name of a configured response; it gives the class then. "" for none. */
  profile: string;
  /** As typed. */
  limit: string;
  unit: "W" | "kW" | "MW";
  /** Minutes as typed; "" is until released. */
  minutes: string;
  /** Local time as the browser's field gives it; "" is now. */
  start: string;
  reason: string;
  test: boolean;
  /** W/s as typed; "" is the site's. */
  ramp: string;
}

export const Units: Record<Draft["unit"], number> = { W: 1, kW: 1e3, MW: 1e6 };

export type RequestBody = Record<string, string | number | boolean>;

/**
 * A number as people type it: a comma or a point before decimals. NaN if it is none, and for one such as 1.000 or 1,000, which is a thousand to
 * one reader and one to another: with watts nobody may guess.
 */
export function numberOf(typed: string): number {
  const plain = typed.trim().replace(/[\s\u00a0\u202f']/g, "").replace(",", ".");
  if (/^[1-9]\d{0,2}\.\d{3}$/.test(plain)) return NaN;
  return /^\d+(\.\d+)?$|^\.\d+$/.test(plain) ? Number(plain) : NaN;
}

/** Watts of the limit, whole; null while none is typed, NaN for what is no number. */
export function wattsOf(draft: Draft): number | null {
  if (draft.limit.trim() === "") return null;
  return Math.round(numberOf(draft.limit) * Units[draft.unit]);
}

/** The unit in which so many watts are typed most easily. */
export function unitFor(watts: number): Draft["unit"] {
  return watts >= 1e6 ? "MW" : watts >= 10_000 ? "kW" : "W";
}

/** Watts as text of a field, with the decimal sign of the language. */
export function typedIn(watts: number, unit: Draft["unit"], sign: "." | "," = "."): string {
  return String(Number((watts / Units[unit]).toFixed(unit === "W" ? 0 : 2))).replace(".", sign);
}

/**
 * A local time as the browser's field gives it; null for one that the clocks skip (summer time begins), and for what is no time. Of one that
 * comes twice it is the first.
 */
export function startOf(typed: string): Date | null {
  const start = new Date(typed);
  if (Number.isNaN(start.getTime())) return null;
  const two = (n: number): string => String(n).padStart(2, "0");
  const again = `${start.getFullYear()}-${two(start.getMonth() + 1)}-${two(start.getDate())}T${two(start.getHours())}:${two(start.getMinutes())}`;
  return typed.startsWith(again) ? start : null;
}

/** The request. What is not a number goes as it was typed: the host says what is wrong with it, in one place for everybody. */
export function bodyOf(draft: Draft): RequestBody {
  const body: RequestBody = { node: draft.node };
  if (draft.profile) body["profile"] = draft.profile;
  else body["class"] = draft.class;
  body["limitW"] = orTyped(wattsOf(draft) ?? NaN, draft.limit);
  if (draft.minutes.trim() !== "") body["durationS"] = orTyped(Math.round(numberOf(draft.minutes) * 60), draft.minutes);
  if (draft.start) body["start"] = startOf(draft.start)?.toISOString() ?? draft.start;
  if (draft.ramp.trim() !== "") body["rampUpWPerS"] = orTyped(numberOf(draft.ramp), draft.ramp);
  if (draft.reason.trim()) body["reason"] = draft.reason.trim();
  if (draft.test) body["test"] = true;
  return body;
}

function orTyped(value: number, typed: string): number | string {
  return Number.isFinite(value) ? value : typed;
}

/** The field of the form that shows what is wrong with a member of the request; "" for the form as a whole. */
export function fieldOf(member: string): keyof Draft | "" {
  const of: Record<string, keyof Draft> = { node: "node", class: "class", profile: "class", limitW: "limit", durationS: "minutes", start: "start", rampUpWPerS: "ramp", reason: "reason", test: "test" };
  return of[member] ?? "";
}
