// A choice of few: radio buttons that look like one control.
import { h } from "../core/dom";

let count = 0;

export function segments<V extends string>(label: string, choices: readonly { value: V; label: string }[], chosen: V, choose: (value: V) => void): HTMLElement {
  const name = "segments" + ++count;
  return h("fieldset", { class: "segments" },
    h("legend", { class: "visually-hidden" }, label),
    choices.map((c) => h("label", {},
      h("input", { type: "radio", name, value: c.value, checked: c.value === chosen, on: { change: () => choose(c.value) } }),
      h("span", {}, c.label))));
}
