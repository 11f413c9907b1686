// A view of one thing that is asked for again and again: until its answers come, and when they come no more.
import type { Answer } from "../core/api";
import { show, text, toggle } from "../core/dom";
import { keepFocus } from "../core/focus";
import { clock } from "../core/format";
import { t } from "../core/i18n";
import { hostNow } from "../core/live";
import { sentenceOf } from "./toast";

/**
 * Takes each answer for a view. True: there is nothing to show; what stood there is gone if the thing is, else it is marked as old. `note`
 * stands above `node` and says so.
 */
export function keepLost(note: HTMLElement, node: HTMLElement): <T>(answer: Answer<T>, none: string) => answer is Extract<Answer<T>, { ok: false }> {
  let at: number | null = null;
  show(node, false);
  note.setAttribute("role", "status");
  return (answer, none): answer is Extract<typeof answer, { ok: false }> => {
    const gone = !answer.ok && answer.problem.status === 404;
    if (answer.ok) at = hostNow();
    else if (gone) at = null;
    keepFocus(node, () => show(node, at !== null));
    show(note, !answer.ok);
    toggle(node, "old-values", !answer.ok);
    if (!answer.ok) text(note, gone ? none : at === null ? sentenceOf(answer.problem) : t().common.valuesOf(clock(at)) + " " + sentenceOf(answer.problem));
    return !answer.ok;
  };
}
