import { h, text } from "../core/dom";
import { t } from "../core/i18n";
import type { View } from "../core/router";
import { signIn } from "../core/session";
import { sentenceOf } from "../components/toast";

/** Asks for an API key; shown instead of any view while the host wants one. */
export const login: View = {
  path: "login",
  title: (t) => t.login.title,
  show(root) {
    const key = h("input", { id: "key", type: "password", autocomplete: "current-password", required: true, spellcheck: "false" });
    const fault = h("p", { class: "fault", role: "alert" });
    const form = h("form", { class: "form login", on: { submit: async (event) => {
      event.preventDefault();
      text(fault, "");
      const problem = await signIn(key.value.trim());
      if (problem) text(fault, sentenceOf(problem));
    } } }, h("div", { class: "field" }, h("label", { for: "key" }, "API key"), key), fault, h("button", { type: "submit", class: "button primary" }, t().login.title));
    root.append(form);
    key.focus();
  },
};
