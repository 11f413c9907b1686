// States by shape, text and colour at once: nobody has to tell them apart by colour alone.
import { attr, h, svg, text } from "../core/dom";

/** good: a filled disc; note: a ring; warn: a triangle; bad: a square with a cross; off: a dash; wait: a half disc. */
export type Level = "good" | "note" | "warn" | "bad" | "off" | "wait";

const Shapes: Record<Level, string> = {
  good: "M8 2a6 6 0 1 0 0 12a6 6 0 0 0 0-12z",
  note: "M8 2a6 6 0 1 0 0 12a6 6 0 0 0 0-12zm0 2.4a3.6 3.6 0 1 1 0 7.2a3.6 3.6 0 0 1 0-7.2z",
  warn: "M8 1.5L15.2 14H.8zM7.1 6v4h1.8V6zm0 5v1.6h1.8V11z",
  bad: "M2 2h12v12H2zm3.2 1.9L3.9 5.2 6.7 8l-2.8 2.8 1.3 1.3L8 9.3l2.8 2.8 1.3-1.3L9.3 8l2.8-2.8-1.3-1.3L8 6.7z",
  off: "M2 6.8h12v2.4H2z",
  wait: "M8 2a6 6 0 1 0 0 12a6 6 0 0 0 0-12zm0 2a4 4 0 0 1 0 8z",
};

export interface Status {
  node: HTMLElement;
  set(level: Level, text: string): void;
}

/** A badge. */
export function status(level: Level = "off", label = ""): Status {
  const path = svg("path", { d: Shapes[level], "fill-rule": "evenodd" });
  const words = h("span", {}, label);
  const node = h("span", { class: "status", "data-level": level }, svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, path) as unknown as Node, words);
  return {
    node,
    set(next, label) {
      attr(node, "data-level", next);
      attr(path, "d", Shapes[next]);
      text(words, label);
    },
  };
}
