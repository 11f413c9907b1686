import { recall, remember } from "./memory";
import { store } from "./store";

export type Theme = "auto" | "light" | "dark";

const kept = recall("theme");

export const theme = store<Theme>(kept === "light" || kept === "dark" ? kept : "auto");

/** Changes whenever colours may have: charts draw again. */
export const colours = store(0);

export function setTheme(next: Theme): void {
  remember("theme", next);
  theme.set(next);
}

/** Keeps the document's theme; call once. */
export function startTheme(): void {
  const changed = () => colours.set(colours.value + 1);
  theme.watch((value) => {
    document.documentElement.dataset["theme"] = value;
    changed();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}

/** A colour of the style sheet, for canvases. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}
