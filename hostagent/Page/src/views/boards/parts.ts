// Tables of a board's page.
import { status, type Level } from "../../components/status";
import { h } from "../../core/dom";
import { duration, efficiency, moment, power, when } from "../../core/format";
import { t, word } from "../../core/i18n";
import { address } from "../../core/router";
import { nodeText, standingLevel, standingText } from "../events/words";
import type { BoardEvent, BoardOrder } from "./types";
import { fineW, ms, skipText } from "./words";

const answerLevel: Record<string, Level> = { applied: "good", again: "good", ignored: "warn", rejected: "bad" };

/** Orders to a board and its answers, the newest first. */
export function orderTable(orders: readonly BoardOrder[]): HTMLElement {
  const words = t().board;
  return h("div", { class: "table-scroll", tabindex: 0, role: "group", "aria-label": words.orders }, h("table", { class: "plain cards" },
    h("thead", {}, h("tr", {}, [words.when, words.what, words.asks, words.answer].map((title) => h("th", { scope: "col" }, title)))),
    h("tbody", {}, orders.map((o) => h("tr", {},
      h("th", { scope: "row", "data-label": words.when }, h("time", { datetime: o.at, title: moment(o.at) }, when(o.at))),
      h("td", { "data-label": words.what }, word(words.kinds, o.kind) + (o.class ? ", " + word(t().common.classes, o.class) : "")),
      h("td", { "data-label": words.asks }, asks(o)),
      h("td", { "data-label": words.answer }, o.answer
        ? h("span", { class: "together" }, status(answerLevel[o.answer] ?? "note", word(words.answers, o.answer)).node, o.answerAfterMs === null ? "" : words.after(ms(o.answerAfterMs, duration)))
        : h("span", { class: "muted" }, words.noAnswer)))))));
}

function asks(order: BoardOrder): string {
  if (order.stream === "dispatch") return [order.asksW === null ? "" : fineW(order.asksW), efficiency(order.limitMjPerTh)].filter(Boolean).join(" · ");
  if (order.value === null) return "–";
  if (order.kind === "powerW") return power(order.value);
  return order.kind === "lockout" ? (order.value === 1 ? t().board.on : t().board.off) : String(order.value);
}

/** Events that a board took part in, the newest first. */
export function eventTable(events: readonly BoardEvent[]): HTMLElement {
  const words = t().board;
  return h("div", { class: "table-scroll", tabindex: 0, role: "group", "aria-label": words.events }, h("table", { class: "plain cards" },
    h("thead", {}, h("tr", {}, [words.when, words.event, words.standing].map((title) => h("th", { scope: "col" }, title)))),
    h("tbody", {}, events.map((e) => h("tr", {},
      h("th", { scope: "row", "data-label": words.when }, moment(e.event.start)),
      h("td", { "data-label": words.event }, h("a", { href: address("events/:id", { id: e.event.eventId }) }, t().events.line(word(t().common.classes, e.event.class), power(e.event.limitW), nodeText(e.event.node)))),
      h("td", { "data-label": words.standing }, followed(e)))))));
}

function followed(e: BoardEvent): Node | string {
  if (!e.state) return t().events.nothingSaid;
  const after = e.confirmedAfterMs ?? e.ackedAfterMs;
  return h("span", { class: "together" }, status(standingLevel(e.state), standingText(e.state)).node, e.reason ? skipText(e.reason) : after === null ? "" : t().board.after(ms(after, duration)));
}
