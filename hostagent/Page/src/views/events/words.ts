// How the words of an event are shown: level, text.
import type { Level } from "../../components/status";
import { t, word } from "../../core/i18n";

const States: Record<string, Level> = { scheduled: "wait", active: "warn", restoring: "note", completed: "good", completed_with_failures: "bad", completed_unproven: "warn", cancelled: "off", superseded: "off" };

const Standings: Record<string, Level> = { pending: "wait", ordered: "wait", acked: "note", confirmed: "good", drifted: "bad", suspect: "bad", unavailable: "warn", excluded: "off" };

/** The order in which standings are shown: the good ones first. */
export const StandingNames = ["confirmed", "acked", "ordered", "pending", "drifted", "suspect", "unavailable", "excluded"] as const;

export const stateLevel = (state: string): Level => States[state] ?? "note";

export const stateText = (state: string): string => word(t().events.states, state);

export const standingLevel = (standing: string): Level => Standings[standing] ?? "note";

export const standingText = (standing: string): string => word(t().events.standings, standing);

export const isOpen = (state: string): boolean => state === "scheduled" || state === "active" || state === "restoring";

export const classText = (name: string): string => word(t().common.classes, name);

/** A node; the site by its word. */
export const nodeText = (node: string): string => (node === "site" ? t().events.siteNode : node);

export const sourceText = (source: string): string => word(t().events.sources, source);

/** A line of the history: the host's first word is a state, what follows is its own sentence. */
export function noteText(note: string): string {
  const colon = note.indexOf(": ");
  const head = colon > 0 ? note.slice(0, colon) : note;
  return word(t().event.notes, head) + (colon > 0 ? note.slice(colon) : "");
}
