// How the words of a board are shown: level, text.
import type { Level } from "../../components/status";
import { number } from "../../core/format";
import { t, word } from "../../core/i18n";

/** Host's mode as level of a badge. */
export function modeLevel(mode: string, states: readonly string[] = []): Level {
  if (states.includes("suspect") || states.includes("latched") || mode === "fault") return "bad";
  if (states.includes("offline") || mode === "unknown") return "off";
  if (states.includes("stale") || states.includes("unavailable")) return "warn";
  if (states.includes("lockedOut")) return "note";
  return mode === "running" ? "good" : mode === "asleep" ? "note" : "wait";
}

export const modeText = (mode: string): string => word(t().boards.modes, mode);

export const limitText = (limit: string): string => word(t().boards.limits, limit);

export const stateText = (state: string): string => word(t().boards.states, state);

export const skipText = (skip: string): string => word(t().boards.skips, skip);

export const qualityText = (quality: string): string => word(t().boards.qualities, quality);

/** Hash rates of boards stand side by side, so they have one unit. */
export const tera = (ghs: number): string => number(ghs / 1000, 2) + " TH/s";

/** Watts of one board, with tenths where they matter. */
export const fineW = (watts: number): string => number(watts, watts < 1000 ? 1 : 0) + " W";

/** Times of answers: ms below a second. */
export const ms = (value: number, longer: (ms: number) => string): string => (value < 1000 ? number(value) + " ms" : longer(value));
