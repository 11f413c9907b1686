import { remember } from "./memory";
import { keepTheme, keptTheme, whenSystemChanges, type Theme } from "./scheme";
import { store } from "./store";

export type { Theme } from "./scheme";

export const theme = store<Theme>(keptTheme());

/** Changes whenever colours may have: charts draw again. */
export const colours = store(0);

export function setTheme(next: Theme): void {
  remember("theme", next);
  theme.set(next);
}

/** Keeps the document's theme; call once. */
export function startTheme(): void {
  const changed = (): void => {
    keepTheme(theme.value);
    colours.set(colours.value + 1);
  };
  theme.watch(changed);
  whenSystemChanges(changed);
}

/** A colour of the style sheet, for canvases. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}
