import { h } from "../core/dom";
import type { View } from "../core/router";

export const audit: View = {
  path: "audit",
  title: (t) => t.audit.title,
  nav: { order: 60, icon: "audit", key: "a" },
  show(root, context) {
    const head = h("code", {});
    root.append(head);
    context.onLive((picture) => (head.textContent = picture.ledger));
  },
};
