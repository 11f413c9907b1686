import { panel } from "../../components/panel";
import { say } from "../../components/said";
import { status } from "../../components/status";
import { h, rows, show, text } from "../../core/dom";
import { duration, power } from "../../core/format";
import { t } from "../../core/i18n";
import type { Part } from "../site";

/** What the grid side may count on now. */
export function headroom(): Part {
  const words = t().site;
  const fall = h("tbody");
  const updateFall = rows<{ class: string; shedW: number; withinS: number; like: number }>(fall, (s) => s.class, (first) => {
    const watts = h("td", { class: "num v" });
    const within = h("td", { class: "num muted" });
    return {
      node: h("tr", {}, h("th", { scope: "row" }, t().common.classes[first.class as "economic"] ?? first.class), watts, within),
      update: (s) => {
        text(watts, power(s.shedW, s.like));
        text(within, words.within(duration(s.withinS * 1000)));
      },
    };
  });
  const rise = h("span", { class: "v" });
  const free = h("span", { class: "muted" });
  const waits = h("ul", { class: "lines" });
  const waiting = h("div", { class: "stack tight" }, status("wait", words.waits).node, waits);
  const updateWaits = rows<string>(waits, (w) => w, (first) => {
    const node = h("li");
    say(node, first);
    return { node, update: () => {} };
  });
  const band = powerBand();
  return {
    node: panel(words.headroom, [
      band.node,
      h("div", {}, h("h3", {}, words.canFall), h("table", { class: "plain" }, h("thead", { class: "visually-hidden" }, h("tr", {}, h("th", { scope: "col" }, words.class), h("th", { scope: "col" }, words.canFall), h("th", { scope: "col" }, t().common.time))), fall)),
      h("div", { class: "stack tight" }, h("h3", {}, words.canRise), h("p", { class: "row" }, rise, free), waiting),
    ], { class: "site-headroom" }).node,
    update({ site, headroom: room }) {
      const like = Math.max(room.nowW, room.raiseIfFreeW);
      updateFall(room.shed.map((s) => ({ ...s, like })));
      text(rise, room.raiseW > 0 ? power(room.raiseW, like) + " " + words.within(duration(room.raiseS * 1000)) : words.nothing);
      text(free, room.raiseIfFreeW > room.raiseW ? words.ifFree(power(room.raiseIfFreeW, like)) : "");
      show(waiting, room.waits.length > 0);
      updateWaits(room.waits);
      band.set(site.floorW, room.nowW, site.orderedW, site.capW, site.floorW + site.fullW);
    },
  };
}

// One bar from nothing to everything on. A picture of figures that stand in the view as text, so it is hidden from screen readers.
function powerBand(): { node: HTMLElement; set(floor: number, metered: number, ordered: number, cap: number | null, full: number): void } {
  const words = t().site.band;
  const drawn = h("div", { class: "band-drawn" });
  const floor = h("div", { class: "band-floor" });
  const ordered = h("div", { class: "band-mark", "data-colour": "ordered" });
  const cap = h("div", { class: "band-mark dashed", "data-colour": "cap" });
  const key = (name: string, label: string): HTMLElement => h("li", {}, h("span", { class: "band-key " + name }), label);
  return {
    node: h("div", { class: "band", "aria-hidden": "true" },
      h("div", { class: "band-bar" }, drawn, floor, ordered, cap),
      h("ul", { class: "band-legend" }, key("floor", words.floor), key("drawn", words.metered), key("ordered", words.ordered), key("cap", words.cap))),
    set(floorW, meteredW, orderedW, capW, fullW) {
      const most = Math.max(fullW, meteredW, orderedW, 1);
      const at = (watts: number): string => (100 * Math.min(1, Math.max(0, watts / most))).toFixed(2) + "%";
      floor.style.width = at(Math.min(floorW, meteredW));
      drawn.style.width = at(meteredW);
      ordered.style.left = at(orderedW);
      show(cap, capW !== null && capW <= most);
      cap.style.left = at(capW ?? 0);
    },
  };
}
