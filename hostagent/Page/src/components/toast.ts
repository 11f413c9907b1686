// Short words after an act. Good ones go by themselves; refusals stay until they are closed.
import type { Problem } from "../core/api";
import { h } from "../core/dom";
import { keepFocus } from "../core/focus";
import { t } from "../core/i18n";
import { icon } from "./icon";
import { status, type Level } from "./status";

const polite = h("div", { class: "toasts", role: "status" });
const urgent = h("div", { class: "toasts", role: "alert" });

/** Where they are shown; the layout puts it into the page once. */
export const toastRegion = h("div", { class: "toast-region" }, polite, urgent);

export function toast(level: Level, sentence: string): void {
  const stays = level === "bad" || level === "warn";
  let from: HTMLElement | null = null;
  const node = h("div", { class: "toast", on: { focusin: (event) => {
    if (event.relatedTarget instanceof HTMLElement && !toastRegion.contains(event.relatedTarget)) from = event.relatedTarget;
  } } }, status(level, sentence).node);
  // Whoever came to it with the keyboard goes back to where he came from.
  const away = (): void => keepFocus(toastRegion, () => node.remove(), () => from);
  node.append(h("button", { type: "button", class: "icon-button", "aria-label": t().common.close, on: { click: away } }, icon("close")));
  (stays ? urgent : polite).append(node);
  if (!stays) setTimeout(away, 8000);
}

/** What the host refused, in its own sentence; or that it could not be reached. */
export function sentenceOf(problem: Problem): string {
  return problem.detail || (problem.status === 0 ? t().common.noAnswer : t().common.refused(problem.status, problem.title));
}

export const toastProblem = (problem: Problem): void => toast("bad", sentenceOf(problem));
