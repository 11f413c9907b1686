// A decision as people read it: what it saw, each pod's order before and after, who is not reached. The preview and the record of an event
// show the same.
import { fact } from "../../components/panel";
import { said } from "../../components/said";
import { status } from "../../components/status";
import { h, type Child } from "../../core/dom";
import { efficiency, hashRate, number, power } from "../../core/format";
import { t } from "../../core/i18n";
import { skipText } from "../boards/words";
import { boardLink } from "../boards/list";
import type { BoardWord, Decision } from "./types";
import { standingLevel, standingText } from "./words";

const MostPods = 200;

/** What a decision saw. */
export function inputsOf(decision: Decision): HTMLElement {
  const words = t().event;
  const of = decision.inputs;
  const rows: [string, Child][] = [
    [words.cap, of.capW === null ? t().common.none : power(of.capW)],
    [words.why2, said(of.capWhy || "–")],
    [words.meter, power(of.meterW) + (of.meterFresh ? "" : " (" + words.estimated + ")")],
    [words.floor, power(of.floorW)],
    [words.orderedBefore, power(of.floorW + of.orderedBeforeW)],
    [words.allowed, power(of.floorW + of.allowedW)],
    [words.full, power(of.floorW + of.fullW)],
    [words.gain, number(of.gain, 2)],
    [words.steered, number(of.boardsSteered)],
    [words.shedBoards, number(decision.boardsShed)],
    [words.shed, power(decision.shedW)],
    [words.hashLost, hashRate(decision.hashLostGhs)],
  ];
  return h("dl", { class: "facts" }, rows.map(([label, value]) => fact(label, value).node));
}

/** Pods whose order changes, with bars from before to after. */
export function podsOf(decision: Decision): Child {
  const words = t().event;
  const most = Math.max(1, ...decision.pods.flatMap((p) => [p.fromW, p.toW]));
  const pods = decision.pods.filter((p) => p.fromW !== p.toW || p.fromLimitMjPerTh !== p.toLimitMjPerTh);
  const all = pods.length > 0 ? pods : decision.pods;
  const shown = all.slice(0, MostPods);
  return h("div", { class: "table-scroll short", tabindex: 0, role: "group", "aria-label": words.pod }, h("table", { class: "plain pods" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, words.pod), h("th", { scope: "col", class: "num" }, words.from), h("th", { scope: "col", class: "num" }, words.to), h("th", { scope: "col", "aria-hidden": "true" }), h("th", { scope: "col", class: "num" }, words.number))),
    h("tbody", {}, shown.map((p) => h("tr", {},
      h("th", { scope: "row" }, p.pod),
      h("td", { class: "num" }, power(p.fromW, most)),
      h("td", { class: "num" }, power(p.toW, most)),
      h("td", { class: "bar-cell", "aria-hidden": "true" }, h("div", { class: "bar" }, bar("bar-from", p.fromW / most), bar("bar-to", p.toW / most))),
      h("td", { class: "num" }, p.fromLimitMjPerTh === p.toLimitMjPerTh ? efficiency(p.toLimitMjPerTh) : words.fromTo(efficiency(p.fromLimitMjPerTh), efficiency(p.toLimitMjPerTh))))))),
    all.length > shown.length ? h("p", { class: "muted" }, words.more(number(all.length - shown.length))) : null);
}

function bar(name: string, share: number): HTMLElement {
  const node = h("span", { class: name });
  node.style.width = Math.max(0, Math.min(100, share * 100)) + "%";
  return node;
}

/** Boards that orders do not reach, by reason. */
export function skippedOf(decision: Decision): Child {
  const words = t().event;
  const reasons = Object.entries(decision.skipped);
  if (reasons.length === 0) return h("p", {}, status("good", words.nobodySkipped).node);
  return [
    h("ul", { class: "reasons" }, reasons.sort((a, b) => b[1] - a[1]).map(([reason, count]) => h("li", {}, h("strong", {}, number(count)), " " + skipText(reason)))),
    decision.skippedBoards.length > 0 ? h("details", {}, h("summary", {}, words.skipped), boardWords(decision.skippedBoards)) : null,
  ];
}

/** Boards by name, each with where it stands and why. */
export function boardWords(boards: readonly BoardWord[]): HTMLElement {
  const words = t().event;
  return h("div", { class: "table-scroll short", tabindex: 0, role: "group", "aria-label": words.boards }, h("table", { class: "plain" },
    h("thead", {}, h("tr", {}, [words.board, words.state, words.why].map((title) => h("th", { scope: "col" }, title)))),
    h("tbody", {}, boards.map((b) => h("tr", {},
      h("th", { scope: "row" }, boardLink(b.board)),
      h("td", {}, status(standingLevel(b.state), standingText(b.state)).node),
      h("td", {}, skipText(b.reason) || "–"))))));
}
