import { rows, h, text } from "../core/dom";
import type { View } from "../core/router";
import type { Source } from "../core/types";

export const sources: View = {
  path: "sources",
  title: (t) => t.sources.title,
  nav: { order: 50, icon: "sources", key: "q" },
  show(root, context) {
    const list = h("ul");
    root.append(list);
    const update = rows<Source>(list, (s) => s.id, () => {
      const node = h("li");
      return { node, update: (s) => text(node, s.id + " " + s.quality + " " + s.why) };
    });
    context.onLive((picture) => update(picture.sources));
  },
};
