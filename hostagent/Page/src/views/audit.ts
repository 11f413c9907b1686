import type { View } from "../core/router";
import { may } from "../core/session";
import { changes } from "./audit/changes";
import { ledger } from "./audit/ledger";

export const audit: View = {
  path: "audit",
  title: (t) => t.audit.title,
  nav: { order: 60, icon: "audit", key: "a" },
  show(root, context) {
    root.append(ledger(context));
    if (may("operate")) root.append(changes(context));
  },
};
