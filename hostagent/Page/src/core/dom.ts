// Elements without a framework: made once, then their texts are set. A second's picture changes a few text nodes, so focus, selection and
// scroll position stay, and screen readers are not told what has not changed.

import { keepFocus } from "./focus";

export type Child = Node | string | number | null | undefined | false | Child[];

type Props = {
  class?: string;
  on?: { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };
} & { [name: string]: unknown };

/** Makes an element. Attributes by name; true sets it, false and null leave it out; `on` has listeners. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "on") for (const [event, listener] of Object.entries(value as object)) node.addEventListener(event, listener as EventListener);
    else attr(node, name, value);
  }
  append(node, children);
  return node;
}

const SvgNs = "http://www.w3.org/2000/svg";

/** The same for SVG. */
export function svg(tag: string, props: { [name: string]: unknown } = {}, ...children: SVGElement[]): SVGElement {
  const node = document.createElementNS(SvgNs, tag);
  for (const [name, value] of Object.entries(props)) attr(node, name, value);
  node.append(...children);
  return node;
}

function append(node: Node, children: Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(node, child);
    else if (child !== null && child !== undefined && child !== false) node.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Sets an attribute if it is another one; false, null and undefined take it away. */
export function attr(node: Element, name: string, value: unknown): void {
  if (value === false || value === null || value === undefined) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

/** Sets the text if it is another one. */
export function text(node: Node, value: string): void {
  if (node.textContent !== value) node.textContent = value;
}

/** Shows or hides. */
export function show(node: HTMLElement, shown: boolean): void {
  if (node.hidden === shown) node.hidden = !shown;
}

/** Sets or takes away a class. */
export function toggle(node: Element, name: string, on: boolean): void {
  if (node.classList.contains(name) !== on) node.classList.toggle(name, on);
}

/** Replaces the children. */
export function fill(node: Element, ...children: Child[]): void {
  node.replaceChildren();
  append(node, children);
}

/** The same where somebody may be at work with the keyboard: the focus goes on to its like, to what took the place, or to the part's heading. */
export function refill(node: Element, ...children: Child[]): void {
  keepFocus(node, () => fill(node, ...children), () => node.querySelector<HTMLElement>("a[href], button:not(:disabled), input, select, textarea"));
}

export interface Row<T> {
  node: HTMLElement;
  update(item: T): void;
}

/** Keeps the children of `container` in step with items: a row per key is made once and then updated, moved, or taken away. */
export function rows<T>(container: Element, keyOf: (item: T) => string, make: (item: T) => Row<T>): (items: readonly T[]) => void {
  const kept = new Map<string, Row<T>>();
  return (items) => keepFocus(container, () => {
    const wanted = new Set(items.map(keyOf));
    for (const [key, row] of kept) {
      if (!wanted.has(key)) {
        row.node.remove();
        kept.delete(key);
      }
    }
    let place: Element | null = container.firstElementChild;
    for (const item of items) {
      const key = keyOf(item);
      let row = kept.get(key);
      if (!row) {
        row = make(item);
        kept.set(key, row);
      }
      row.update(item);
      if (row.node === place) place = place.nextElementSibling;
      else container.insertBefore(row.node, place);
    }
  });
}
