// All events: what is open first, then what has been.
import { panel } from "../../components/panel";
import { status } from "../../components/status";
import { sentenceOf } from "../../components/toast";
import { get } from "../../core/api";
import { attr, h, rows, show, text, type Row } from "../../core/dom";
import { keepFocus } from "../../core/focus";
import { moment, power, when } from "../../core/format";
import { t } from "../../core/i18n";
import { address, type View } from "../../core/router";
import { may } from "../../core/session";
import type { EventSummary } from "./types";
import { classText, isOpen, nodeText, sourceText, stateLevel, stateText } from "./words";

const RefreshMs = 3000;
const PageSize = 50;

export const events: View = {
  path: "events",
  title: (t) => t.events.title,
  nav: { order: 30, icon: "events", key: "e" },
  show(root, context) {
    const words = t().events;
    let take = PageSize;
    let drawn = "";
    const open = list(words.open, words.noOpen);
    const past = list(words.past, words.noPast);
    const fault = h("p", { class: "fault", role: "alert" });
    const older = h("button", { type: "button", class: "button", on: { click: () => {
      take += PageSize;
      void load();
    } } }, words.older);
    const compose = may("lower") ? h("a", { class: "button primary", href: address("order") }, words.compose) : null;
    const more = h("div", { class: "buttons" }, older);
    show(more, false);
    root.append(fault, panel(words.open, open.node, { aside: compose }).node, panel(words.past, [past.node, more]).node);

    async function load(): Promise<void> {
      const answer = await get<EventSummary[]>("api/events?take=" + Math.min(take, 500), context.signal);
      if (context.signal.aborted) return;
      text(fault, answer.ok ? "" : words.failed + " " + sentenceOf(answer.problem));
      if (!answer.ok) return;
      const next = JSON.stringify(answer.value);
      if (next === drawn) return;
      drawn = next;
      // Whoever is on an event goes with it from one list to the other.
      keepFocus(root, () => {
        open.set(answer.value.filter((e) => isOpen(e.state)));
        past.set(answer.value.filter((e) => !isOpen(e.state)));
        show(more, answer.value.length >= take && take < 500);
      });
    }

    context.every(RefreshMs, () => void load());
  },
};

interface List {
  node: HTMLElement;
  set(items: readonly EventSummary[]): void;
}

function list(label: string, nothing: string): List {
  const c = t().events.columns;
  const body = h("tbody");
  const none = h("p", { class: "muted" }, t().common.loading);
  const table = h("div", { class: "table-scroll", tabindex: 0, role: "group", "aria-label": label }, h("table", { class: "plain cards events-table" },
    h("thead", {}, h("tr", {}, [c.limit, c.state, c.node, c.reason, c.source, c.start, c.end].map((title) => h("th", { scope: "col" }, title)))), body));
  const update = rows<EventSummary>(body, (e) => e.eventId, row);
  show(table, false);
  return {
    node: h("div", {}, none, table),
    set(items) {
      update(items);
      text(none, nothing);
      show(none, items.length === 0);
      show(table, items.length > 0);
    },
  };
}

// Only an event's state and end change.
function row(e: EventSummary): Row<EventSummary> {
  const words = t().events;
  const c = words.columns;
  const state = status();
  const end = h("span", {});
  return {
    node: h("tr", {},
      h("th", { scope: "row", "data-label": c.limit }, h("span", {}, h("a", { href: address("events/:id", { id: e.eventId }) }, power(e.limitW) + ", " + classText(e.class)), e.test ? h("span", { class: "tag" }, words.test) : null)),
      h("td", { "data-label": c.state }, state.node),
      h("td", { "data-label": c.node }, nodeText(e.node)),
      h("td", { "data-label": c.reason, class: "wrap" }, e.reason || "–"),
      h("td", { "data-label": c.source }, sourceText(e.source)),
      h("td", { "data-label": c.start }, h("time", { datetime: e.start, title: moment(e.start) }, when(e.start))),
      h("td", { "data-label": c.end }, end)),
    update(now) {
      state.set(stateLevel(now.state), stateText(now.state));
      text(end, now.end ? when(now.end) : isOpen(now.state) ? words.untilReleased : "–");
      attr(end, "title", now.end ? moment(now.end) : null);
    },
  };
}
