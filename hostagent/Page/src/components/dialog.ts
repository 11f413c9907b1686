// Dialogs on the platform's own <dialog>: it keeps the focus inside, closes with Escape and gives the focus back.
import { h, type Child } from "../core/dom";
import { focusHeading } from "../core/focus";
import { t } from "../core/i18n";
import { icon } from "./icon";

let count = 0;

/** An open dialog with a heading and a button that closes it. */
export function openDialog(title: string, body: Child, footer?: Child): HTMLDialogElement {
  const id = "dialog" + ++count;
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": id },
    h("header", { class: "dialog-head" },
      h("h2", { id }, title),
      h("button", { type: "button", class: "icon-button", "aria-label": t().common.close, on: { click: () => dialog.close() } }, icon("close"))),
    h("div", { class: "dialog-body" }, body),
    footer ? h("footer", { class: "dialog-foot" }, footer) : null,
  );
  // The platform gives the focus back; if the button that asked is gone, or has become another, it would be nowhere.
  const asked = document.activeElement;
  const section = asked?.closest("section") ?? null;
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (document.activeElement === document.body && asked !== document.body) focusHeading(section?.isConnected ? section : null);
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export interface Question {
  title: string;
  /** What would happen. */
  body: Child;
  /** Label of the button that does it: a verb. */
  confirm: string;
  /** True for what takes power away or cannot be taken back. */
  danger?: boolean;
  /** Asks for a reason of 1 to 200 characters, which becomes the answer. */
  reason?: string;
  /** A second, separate act before it can be confirmed: the label of a box to tick. */
  second?: string;
}

/** Asks. Null: no. Else the reason, or "" where none was asked for. */
export function ask(question: Question): Promise<string | null> {
  return new Promise((resolve) => {
    let answer: string | null = null;
    const id = "reason" + ++count;
    const reason = h("input", { id, type: "text", maxlength: 200, required: true, autocomplete: "off" });
    const second = h("input", { type: "checkbox", required: true });
    const go = h("button", { type: "submit", class: question.danger ? "button danger" : "button primary" }, question.confirm);
    const form = h("form", { class: "form", on: { submit: (event) => {
      event.preventDefault();
      answer = question.reason ? reason.value.trim() : "";
      if (question.reason && !answer) {
        reason.setCustomValidity(t().common.reasonNeeded);
        reason.reportValidity();
        return;
      }
      dialog.close();
    } } },
      h("div", {}, question.body),
      question.reason ? h("div", { class: "field" }, h("label", { for: id }, question.reason), reason) : null,
      question.second ? h("label", { class: "check" }, second, question.second) : null,
      h("div", { class: "buttons" }, h("button", { type: "button", class: "button", on: { click: () => dialog.close() } }, t().common.cancel), go));
    reason.addEventListener("input", () => reason.setCustomValidity(""));
    const dialog = openDialog(question.title, form);
    dialog.addEventListener("close", () => resolve(answer));
    if (question.reason) reason.focus();
  });
}
