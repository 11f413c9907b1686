// Somebody at work with the keyboard stays where he is when what changes by itself moves, replaces or takes away the element in focus: the
// focus goes to its twin (the same link in another list, the same button drawn anew), else to what is named, else to the part's heading.

let holding = false;

const can = (node: HTMLElement): boolean =>
  node.isConnected && node.checkVisibility() && !(node as HTMLButtonElement).disabled && node.closest("[inert]") === null;

// What tells controls apart.
const sameAs = (was: Element, name: string) => (other: Element): boolean =>
  ["href", "aria-label", "type", "name", "role", "id"].every((a) => other.getAttribute(a) === was.getAttribute(a)) && (was.tagName === "DIV" || other.textContent === name);

/** Changes what is in `scope`; whoever had the focus in it has it afterwards. `heir` says where it goes if it has no twin there any more. */
export function keepFocus(scope: Element, change: () => void, heir?: () => HTMLElement | null | undefined): void {
  const was = document.activeElement;
  // The outermost sees the whole change.
  if (holding || !(was instanceof HTMLElement) || was === document.body || !scope.contains(was)) {
    change();
    return;
  }
  const section = was.closest("section");
  const same = sameAs(was, was.textContent);
  holding = true;
  try {
    change();
  } finally {
    holding = false;
  }
  if (can(was) && document.activeElement === was) return;
  const twin = can(was) ? was : [...scope.querySelectorAll<HTMLElement>(was.tagName)].find((other) => can(other) && same(other));
  const next = twin ?? heir?.();
  if (next && can(next)) next.focus({ preventScroll: twin === was });
  else focusHeading(section);
}

/** Puts the focus on the heading of a part, or of the view. */
export function focusHeading(section: Element | null): void {
  const heading = section?.querySelector<HTMLElement>("h2");
  const target = heading && can(heading) ? heading : document.getElementById("heading");
  if (!target) return;
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}
