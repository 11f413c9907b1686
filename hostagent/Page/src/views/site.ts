import { chart } from "../components/chart";
import { fact, panel } from "../components/panel";
import { get } from "../core/api";
import { h, text } from "../core/dom";
import { power } from "../core/format";
import { connections } from "../core/live";
import type { View } from "../core/router";
import type { History } from "../core/types";

export const site: View = {
  path: "site",
  title: (t) => t.site.title,
  nav: { order: 10, icon: "site", key: "s" },
  show(root, context) {
    const cap = fact("cap");
    const metered = fact("metered");
    const plot = chart({ title: "Watts", format: (v) => power(v), lines: [
      { label: "cap", colour: "cap", dash: [6, 4], stepped: true }, { label: "ordered", colour: "ordered", stepped: true }, { label: "metered", colour: "metered" } ] });
    root.append(panel("Power", [h("dl", { class: "facts" }, cap.node, metered.node), plot.node]).node);
    let past: History | null = null;
    context.onLeave(connections.watch(() => void get<History>("api/history?seconds=900", context.signal).then((a) => { if (a.ok) past = a.value; })));
    context.onLeave(() => plot.destroy());
    context.onLive((picture) => {
      text(cap.value, power(picture.site.capW));
      text(metered.value, power(picture.site.meterW));
      if (past) {
        past.at.push(Math.floor(Date.parse(picture.site.now) / 1000));
        past.capW.push(picture.site.capW);
        past.orderedW.push(picture.site.orderedW);
        past.meteredW.push(picture.site.meterW);
        plot.set([past.at, past.capW, past.orderedW, past.meteredW], power(picture.site.meterW));
      }
    });
  },
};
