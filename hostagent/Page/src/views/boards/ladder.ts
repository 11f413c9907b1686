// A ladder as a picture: power over hash rate, the points that orders choose, where the board stands, where it may stand.
import { h, svg } from "../../core/dom";
import { number, power } from "../../core/format";
import { t } from "../../core/i18n";
import type { Ladder } from "./types";
import { fineW, tera } from "./words";

const Width = 460;
const Height = 240;
const Left = 56;
const Right = 16;
const Top = 14;
const Bottom = 34;

/** The picture and, beneath it, the same as a table. */
export function ladderChart(ladder: Ladder): HTMLElement {
  const words = t().board;
  const name = (i: number | null): string => (i === null ? words.nowhere : i === 0 ? words.sleep : words.pointN(i));
  const summary = words.ladderOf(name(ladder.present), name(ladder.ordered));
  return h("figure", { class: "ladder" }, draw(ladder, summary) as unknown as Node, h("figcaption", { class: "chart-summary" }, summary), asTable(ladder, name));
}

function draw(ladder: Ladder, summary: string): SVGElement {
  const points = ladder.points;
  const last = points[points.length - 1]!;
  const maxHash = Math.max(1, last.hashGhs);
  const maxPower = Math.max(0.001, ...points.map((p) => p.powerW)) * 1.08;
  const x = (hash: number): number => Left + (hash / maxHash) * (Width - Left - Right);
  const y = (watts: number): number => Height - Bottom - (watts / maxPower) * (Height - Top - Bottom);
  const chosen = points.filter((p, i) => i === 0 || p.stepJPerTh !== null);
  const ticksY = ticks(maxPower);
  const ticksX = ticks(maxHash);
  const picture = svg("svg", { viewBox: `0 0 ${Width} ${Height}`, role: "img", "aria-label": t().board.ladder + ". " + summary, class: "ladder-picture" });
  for (const watts of ticksY)
    picture.append(svg("line", { x1: Left, x2: Width - Right, y1: y(watts), y2: y(watts), class: "ladder-grid" }), label(Left - 8, y(watts) + 4, power(watts, last.powerW), "end"));
  for (const hash of ticksX) picture.append(label(x(hash), Height - Bottom + 18, tera(hash), "middle"));
  picture.append(svg("path", { d: "M" + chosen.map((p) => `${x(p.hashGhs)} ${y(p.powerW)}`).join("L"), class: "ladder-line" }));
  points.forEach((p, i) => {
    if (i === ladder.ordered) picture.append(svg("circle", { cx: x(p.hashGhs), cy: y(p.powerW), r: 11, class: "ladder-ordered" }));
    picture.append(svg("circle", { cx: x(p.hashGhs), cy: y(p.powerW), r: i === ladder.present ? 6.5 : 3.5, class: i === ladder.present ? "ladder-present" : i === 0 || p.stepJPerTh !== null ? "ladder-point" : "ladder-passed" }));
  });
  return picture;
}

function label(x: number, y: number, words: string, anchor: string): SVGElement {
  const node = svg("text", { x, y, "text-anchor": anchor, class: "ladder-label", "aria-hidden": "true" });
  node.textContent = words;
  return node;
}

function ticks(max: number): number[] {
  const rough = max / 4;
  const power10 = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((f) => f * power10).find((s) => s >= rough) ?? rough;
  const all: number[] = [];
  for (let at = 0; at <= max * 1.0001; at += step) all.push(at);
  return all;
}

function asTable(ladder: Ladder, name: (i: number) => string): HTMLElement {
  const words = t().board;
  const mark = (i: number): string => [i === ladder.present ? words.isHere : "", i === ladder.ordered ? words.isOrdered : ""].filter(Boolean).join(", ");
  return h("div", { class: "table-scroll", tabindex: 0, role: "group", "aria-label": words.ladder }, h("table", { class: "plain" },
    h("thead", {}, h("tr", {}, [words.point, words.power, words.hash, words.efficiency, words.step].map((title, i) => h("th", { scope: "col", class: i > 0 ? "num" : "" }, title)))),
    h("tbody", {}, ladder.points.map((p, i) => h("tr", { class: i === ladder.present ? "here" : "" },
      h("th", { scope: "row" }, name(i), mark(i) ? h("span", { class: "point-mark" }, mark(i)) : null),
      h("td", { class: "num" }, fineW(p.powerW)),
      h("td", { class: "num" }, tera(p.hashGhs)),
      h("td", { class: "num" }, p.jPerTh === null ? "–" : number(p.jPerTh, 1) + " J/TH"),
      h("td", { class: "num" }, i === 0 ? "–" : p.stepJPerTh === null ? words.passedOver : number(p.stepJPerTh, 1) + " J/TH"))))));
}
