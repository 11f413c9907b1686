// A large figure with its name, unit and a line below.
import { h, show, text } from "../core/dom";
import type { Quantity } from "../core/format";
import { status, type Level } from "./status";

export interface Figure {
  node: HTMLElement;
  set(quantity: Quantity, note?: string, level?: Level): void;
}

/** To be put into a <dl class="figures">. */
export function figure(label: string, options: { hint?: string; main?: boolean } = {}): Figure {
  const value = h("span", { class: "figure-value" });
  const unit = h("span", { class: "figure-unit" });
  const note = status("off");
  const line = h("dd", { class: "figure-note" }, note.node);
  const node = h("div", { class: options.main ? "figure figure-main" : "figure" },
    h("dt", { title: options.hint }, label),
    h("dd", { class: "v figure-line" }, value, " ", unit),
    line);
  return {
    node,
    set(quantity, words = "", level = "off") {
      text(value, quantity.value);
      text(unit, quantity.value === "–" ? "" : quantity.unit);
      show(line, words !== "");
      note.set(level, words);
      note.node.classList.toggle("plain", level === "off");
    },
  };
}
