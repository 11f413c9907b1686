// Texts in two languages. One file per view and language below i18n/; `Dictionary` is what English has, so the type check finds what German
// lacks and the unit tests find what it has too much. Numbers and times go through format.ts, never into a text by hand.
import * as de from "../i18n/de/index";
import * as en from "../i18n/en/index";
import { recall, remember } from "./memory";
import { store } from "./store";

export type Dictionary = typeof en;
export type Lang = "en" | "de";

const dictionaries: Record<Lang, Dictionary> = { en, de };

/** The language of a browser's list: the first that the page knows. */
export function pickLang(wanted: readonly string[]): Lang {
  for (const tag of wanted) {
    const short = tag.slice(0, 2).toLowerCase();
    if (short === "de" || short === "en") return short;
  }
  return "en";
}

const kept = recall("lang");

/** The language now. */
export const lang = store<Lang>(kept === "de" || kept === "en" ? kept : pickLang(typeof navigator === "undefined" ? [] : navigator.languages));

/** The texts now: `t().site.title`. Read them when drawing, never once at the start. */
export const t = (): Dictionary => dictionaries[lang.value];

/** Switches and remembers. */
export function setLang(next: Lang): void {
  remember("lang", next);
  lang.set(next);
}

/** A word of the host ("running", "stale") in the user's language; a word that this page does not know is shown as it came. */
export function word(table: { readonly [word: string]: string }, value: string): string {
  return table[value] ?? value;
}
