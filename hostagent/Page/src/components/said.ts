// Sentences of the host: known ones in the user's language, the others as they come, marked as English for screen readers.
import { attr, h, text } from "../core/dom";
import { shortId } from "../core/format";
import { lang, t } from "../core/i18n";

const LimitWhy = /^(TEST: )?limit ([^:\s]+)(?: of ([^:\s]+))?(?:: (.*))?$/s;
const OfSource = /^([a-z0-9-]{1,32}): (.*)$/s;

/** A sentence in the user's language, and whether it is still English. */
export function translate(sentence: string): { text: string; english: boolean } {
  const { sentences, limit } = t().host;
  const known = sentences[sentence];
  if (known !== undefined) return { text: known, english: false };
  const why = LimitWhy.exec(sentence);
  if (why) return { text: limit(shortId(why[2]!), why[3] ?? "", why[4] ?? "", why[1] !== undefined), english: false };
  const source = OfSource.exec(sentence);
  const said = source && sentences[source[2]!];
  if (said) return { text: source[1] + ": " + said, english: false };
  return { text: sentence, english: lang.value !== "en" };
}

/** Sets a node's text to a sentence of the host. */
export function say(node: Element, sentence: string | null | undefined): void {
  const { text: words, english } = translate(sentence ?? "");
  text(node, words);
  attr(node, "lang", english && words ? "en" : null);
}

/** A new element with it. */
export function said(sentence: string): HTMLElement {
  const node = h("span");
  say(node, sentence);
  return node;
}
