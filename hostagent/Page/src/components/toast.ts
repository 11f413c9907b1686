// Short words after an act. Good ones go by themselves; refusals stay until they are closed.
import type { Problem } from "../core/api";
import { h } from "../core/dom";
import { t } from "../core/i18n";
import { icon } from "./icon";
import { status, type Level } from "./status";

const polite = h("div", { class: "toasts", role: "status" });
const urgent = h("div", { class: "toasts", role: "alert" });

/** Where they are shown; the layout puts it into the page once. */
export const toastRegion = h("div", { class: "toast-region" }, polite, urgent);

export function toast(level: Level, sentence: string): void {
  const stays = level === "bad" || level === "warn";
  const node = h("div", { class: "toast" }, status(level, sentence).node);
  node.append(h("button", { type: "button", class: "icon-button", "aria-label": t().common.close, on: { click: () => node.remove() } }, icon("close")));
  (stays ? urgent : polite).append(node);
  if (!stays) setTimeout(() => node.remove(), 8000);
}

/** What the host refused, in its own sentence; or that it could not be reached. */
export function sentenceOf(problem: Problem): string {
  return problem.detail || (problem.status === 0 ? t().common.noAnswer : t().common.refused(problem.status, problem.title));
}

export const toastProblem = (problem: Problem): void => toast("bad", sentenceOf(problem));
