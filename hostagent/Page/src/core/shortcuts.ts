// Keys: g then a letter goes to a view, ? lists all keys. None acts while somebody types or a dialog is open, and a user whose voice or
// hands press letters by accident can switch them off (WCAG 2.1.4).
import { recall, remember } from "./memory";

export interface Shortcut {
  keys: string;
  label: string;
  act(): void;
}

let all: Shortcut[] = [];
let before = "";
let beforeAt = 0;
let on = recall("keys") !== "off";

export const shortcutsOn = (): boolean => on;

/** Switches all keys on or off; this browser remembers it. */
export function switchShortcuts(to: boolean): void {
  on = to;
  remember("keys", to ? "on" : "off");
}

/** Replaces the shortcuts. */
export function setShortcuts(next: Shortcut[]): void {
  all = next;
}

export const shortcuts = (): readonly Shortcut[] => all;

export function startShortcuts(): void {
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (!on || event.ctrlKey || event.altKey || event.metaKey || target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    const typed = performance.now() - beforeAt < 1500 && before ? before + " " + event.key : event.key;
    const found = all.find((s) => s.keys === typed) ?? all.find((s) => s.keys === event.key);
    before = found ? "" : event.key;
    beforeAt = performance.now();
    if (!found) return;
    event.preventDefault();
    found.act();
  });
}
