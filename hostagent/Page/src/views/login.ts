import { panel } from "../components/panel";
import { sentenceOf } from "../components/toast";
import { attr, h, text } from "../core/dom";
import { t } from "../core/i18n";
import type { View } from "../core/router";
import { signIn } from "../core/session";

/** Asks for an API key; shown instead of any view while the host wants one. */
export const login: View = {
  path: "login",
  title: (t) => t.login.title,
  show(root) {
    const words = t().login;
    const key = h("input", { id: "key", type: "password", autocomplete: "current-password", required: true, spellcheck: "false", placeholder: "bk_…", "aria-describedby": "key-fault key-kept" });
    const fault = h("p", { class: "fault", role: "alert", id: "key-fault" });
    const button = h("button", { type: "submit", class: "button primary" }, words.signIn);
    const form = h("form", { class: "form", on: { submit: (event) => {
      event.preventDefault();
      void submit();
    } } },
      h("p", {}, words.text),
      h("p", {}, h("code", {}, "ballast apikey create --config ballast.json --name control-room --role operator")),
      h("div", { class: "field" }, h("label", { for: "key" }, words.key), key),
      fault,
      h("div", { class: "buttons" }, button),
      h("p", { class: "muted small", id: "key-kept" }, words.kept));

    async function submit(): Promise<void> {
      text(fault, "");
      button.disabled = true;
      const problem = await signIn(key.value.trim());
      button.disabled = false;
      attr(key, "aria-invalid", problem ? "true" : null);
      if (problem) {
        text(fault, problem.status === 401 ? words.wrong : sentenceOf(problem));
        key.select();
      }
    }

    root.append(panel(words.title, form, { class: "login" }).node);
    key.focus();
  },
};
