// Keys: g then a letter goes to a view, ? lists all keys. None acts while somebody types or a dialog is open.

export interface Shortcut {
  keys: string;
  label: string;
  act(): void;
}

let all: Shortcut[] = [];
let before = "";
let beforeAt = 0;

/** Replaces the shortcuts. */
export function setShortcuts(next: Shortcut[]): void {
  all = next;
}

export const shortcuts = (): readonly Shortcut[] => all;

export function startShortcuts(): void {
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.altKey || event.metaKey || target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    const typed = performance.now() - beforeAt < 1500 && before ? before + " " + event.key : event.key;
    const found = all.find((s) => s.keys === typed) ?? all.find((s) => s.keys === event.key);
    before = found ? "" : event.key;
    beforeAt = performance.now();
    if (!found) return;
    event.preventDefault();
    found.act();
  });
}
