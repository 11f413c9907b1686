// Which colours hold: those chosen here, else those of the system. The style sheet has one table for each.
import { recall } from "./memory";

export type Theme = "auto" | "light" | "dark";

const system = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");

/** What this browser remembers. */
export function keptTheme(): Theme {
  const kept = recall("theme");
  return kept === "light" || kept === "dark" ? kept : "auto";
}

/** Gives the document the colours of a theme, or of the one that is remembered. */
export function keepTheme(theme: Theme = keptTheme()): void {
  document.documentElement.dataset["theme"] = theme === "auto" ? (system().matches ? "dark" : "light") : theme;
}

/** Calls when the system's colours change. */
export function whenSystemChanges(act: () => void): void {
  system().addEventListener("change", act);
}
