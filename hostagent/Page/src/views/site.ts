import { h, show, text } from "../core/dom";
import { keepFocus } from "../core/focus";
import { hashParts, number, powerParts } from "../core/format";
import { t } from "../core/i18n";
import type { LivePicture } from "../core/live";
import type { View } from "../core/router";
import { figure } from "../components/figure";
import { translate } from "../components/said";
import { alarms } from "./site/alarms";
import { breakers } from "./site/breakers";
import { headroom } from "./site/headroom";
import { holds } from "./site/holds";
import { numbersOf } from "./site/numbers";
import { powerChart } from "./site/power";
import { siteTree } from "./site/tree";

/** A part of the view that follows the pictures. */
export interface Part {
  node: HTMLElement;
  update(picture: LivePicture): void;
}

export const site: View = {
  path: "site",
  title: (t) => t.site.title,
  nav: { order: 10, icon: "site", key: "s" },
  show(root, context) {
    const top = [breakers(), figures()];
    const main = [powerChart(context), siteTree()];
    const side = [holds(), alarms(), headroom()];
    const parts: Part[] = [...top, ...main, ...side];
    const nodes = (of: Part[]): HTMLElement[] => of.map((p) => p.node);
    const loading = h("p", { class: "muted" }, t().common.loading);
    const grid = h("div", { class: "site" }, nodes(top), h("div", { class: "site-main" }, nodes(main)), h("div", { class: "site-side" }, nodes(side)));
    show(grid, false);
    root.append(loading, grid);
    context.onLive((picture) => {
      for (const part of parts) keepFocus(part.node, () => part.update(picture));
      loading.remove();
      show(grid, true);
    });
  },
};

function figures(): Part {
  const words = t().site;
  const metered = figure(words.metered, { main: true });
  const ordered = figure(words.ordered);
  const cap = figure(words.cap);
  const hash = figure(words.hash);
  const efficiency = figure(words.efficiency);
  const limit = figure(words.number, { hint: words.numberHint });
  const boards = figure(words.boardsRun);
  const label = metered.node.querySelector("dt")!;
  return {
    node: h("section", { class: "site-figures", "aria-label": words.now }, h("dl", { class: "figures" }, [metered, ordered, cap, hash, efficiency, limit, boards].map((f) => f.node))),
    update({ site }) {
      const like = Math.max(site.meterW, site.orderedW);
      const estimated = site.meterQuality !== "metered";
      const stale = site.meterQuality.startsWith("stale");
      text(label, estimated ? words.estimated : words.metered);
      metered.set(powerParts(site.meterW, like), translate(site.meterQuality).text, stale ? "warn" : estimated ? "note" : "good");
      ordered.set(powerParts(site.orderedW, like), site.settlesInMs > 0 ? words.settles(number(Math.ceil(site.settlesInMs / 1000)) + " " + t().common.units.s) : words.settled, site.settlesInMs > 0 ? "wait" : "off");
      if (site.capW === null) cap.set({ value: words.noCap, unit: "" });
      else cap.set(powerParts(site.capW, site.capW), t().common.classes[site.capClass ?? "economic"], site.emergency ? "bad" : site.unreachable ? "warn" : "note");
      hash.set(hashParts(site.hashGhs));
      efficiency.set({ value: site.hashGhs > 0 ? number((site.meterW * 1000) / site.hashGhs, 2) : "–", unit: "J/TH" });
      const numbers = numbersOf(site.pods);
      limit.set(numbers.quantity, numbers.note);
      const away = site.boards.total - site.boards.online;
      const notes = [
        site.boards.suspect > 0 ? words.suspects(number(site.boards.suspect)) : "",
        away > 0 ? words.away(number(away)) : "",
        site.waiting > 0 ? words.waiting(number(site.waiting)) : "",
      ].filter((n) => n);
      boards.set({ value: number(site.boards.running), unit: "/ " + number(site.boards.total) }, notes.join(", "), site.boards.suspect > 0 || away > 0 ? "warn" : notes.length > 0 ? "wait" : "off");
    },
  };
}
