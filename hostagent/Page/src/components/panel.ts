// A part of a view with a heading, and a mark when its values are old.
import { h, type Child } from "../core/dom";

let count = 0;

export interface Panel {
  node: HTMLElement;
  body: HTMLElement;
}

/** A section. `aside` stands at the right of its heading. The stale mark is shown by the style sheet while no pictures come. */
export function panel(title: string, body: Child, options: { class?: string; aside?: Child } = {}): Panel {
  const id = "panel" + ++count;
  const content = h("div", { class: "panel-body" }, body);
  const node = h("section", { class: "panel " + (options.class ?? ""), "aria-labelledby": id },
    h("header", { class: "panel-head" }, h("h2", { id }, title), h("div", { class: "panel-aside" }, options.aside ?? null)),
    content);
  return { node, body: content };
}

/** A name and a value that changes; the value is greyed while it is old. */
export interface Fact {
  node: HTMLElement;
  value: HTMLElement;
}

export function fact(label: string, value: Child = ""): Fact {
  const dd = h("dd", { class: "v" }, value);
  return { node: h("div", { class: "fact" }, h("dt", {}, label), dd), value: dd };
}
