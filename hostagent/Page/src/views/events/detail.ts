// One event: what was asked, what was decided from what, how fast it was obeyed, who did not follow and why, and its record to take away.
import { chart } from "../../components/chart";
import { fact, panel } from "../../components/panel";
import { said } from "../../components/said";
import { status } from "../../components/status";
import { keepLost } from "../../components/lost";
import { at, get } from "../../core/api";
import { attr, h, refill, show, text, type Child } from "../../core/dom";
import { duration, moment, number, power, shortId } from "../../core/format";
import { lang, t } from "../../core/i18n";
import { address, type View, type ViewContext } from "../../core/router";
import { may } from "../../core/session";
import { ms } from "../boards/words";
import { keepActs } from "./acts";
import { boardWords, inputsOf, podsOf, skippedOf } from "./decision";
import { findingsOf, timesOf, type SeriesTimes } from "./findings";
import type { EventRecord, Percentiles, Series } from "./types";
import { classText, isOpen, nodeText, noteText, sourceText, StandingNames, standingLevel, standingText, stateLevel, stateText } from "./words";

const OpenMs = 1500;
const ClosedMs = 15_000;

export const event: View = {
  path: "events/:id",
  title: (t, params) => t.event.title(params["id"] ?? ""),
  show(root, context) {
    const id = context.params["id"]!;
    const words = t().event;
    const loading = h("p", { class: "muted" }, words.loading);
    const page = makePage(id, context, () => void load());
    const lost = keepLost(loading, page.node);
    root.append(h("nav", { class: "crumbs", "aria-label": t().events.title }, h("a", { href: address("events") }, words.back)), loading, page.node);
    let open = true;
    let due = 0;

    async function load(): Promise<void> {
      const [record, series] = await Promise.all([get<EventRecord>(at`api/events/${id}`, context.signal), get<Series>(at`api/events/${id}/series`, context.signal)]);
      if (context.signal.aborted) return;
      if (lost(record, words.none)) return;
      open = isOpen(record.value.state);
      page.set(record.value, series.ok ? series.value : null);
    }

    // An event that is over changes no more; it is looked at again all the same, for a host may be restarted.
    context.every(OpenMs, () => {
      const now = performance.now();
      if (now < due) return;
      due = now + (open ? OpenMs - 100 : ClosedMs);
      void load();
    });
    context.onLive((picture) => page.head(picture.ledger));
  },
};

interface Page {
  node: HTMLElement;
  set(event: EventRecord, series: Series | null): void;
  head(ledger: string): void;
}

function makePage(id: string, context: ViewContext, reload: () => void): Page {
  const words = t().event;
  const state = status();
  const buttons = h("div", { class: "buttons" });
  const acts = keepActs(buttons, reload);
  const headline = h("p", { class: "event-headline" });
  const request = h("div", { class: "stack" });
  const outcome = h("div", { class: "stack" });
  const response = h("div", {});
  const standing = h("div", { class: "stack" });
  const decision = h("div", { class: "stack" });
  const history = h("ol", { class: "history" });
  const ledger = h("code", {});
  const ledgerLink = h("a", { class: "button", download: "" }, words.exportLedger);
  const noSeries = h("p", { class: "muted" }, words.noSeries);
  const plot = chart({ title: words.series, x: "seconds", format: (v) => power(v), lines: [
    { label: words.limit, colour: "cap", dash: [6, 4], stepped: true },
    { label: words.ordered, colour: "ordered", stepped: true },
    { label: words.metered, colour: "metered", fill: "metered-fill" }] });
  context.onLeave(() => plot.destroy());
  const parts = new Map<HTMLElement, string>();

  // What has not changed is not drawn again, so that focus, selection and open lists stay.
  function draw(into: HTMLElement, from: unknown, make: () => Child): void {
    const key = JSON.stringify(from);
    if (parts.get(into) === key) return;
    parts.set(into, key);
    refill(into, make());
  }

  const node = h("div", { class: "event-page" },
    panel(words.request, [headline, request], { class: "event-request", aside: [state.node, buttons] }).node,
    panel(words.series, [noSeries, plot.node], { class: "event-series" }).node,
    h("div", { class: "stack" },
      panel(words.outcome, outcome).node,
      panel(words.standing, standing).node,
      panel(words.history, history).node),
    h("div", { class: "stack" },
      panel(words.response, response).node,
      panel(words.decision, decision).node,
      panel(words.exports, [
      h("div", { class: "buttons start" },
        h("a", { class: "button", href: at`api/events/${id}/export?format=json`, download: "" }, words.exportJson),
        h("a", { class: "button", href: at`api/events/${id}/export?format=csv`, download: "" }, words.exportCsv),
        may("operate") && ledgerLink),
      h("dl", { class: "facts" }, fact(words.head, ledger).node),
      h("p", { class: "muted" }, words.headWhy)]).node));

  return {
    node,
    head: (value) => text(ledger, value),
    set(e, series) {
      state.set(stateLevel(e.state), stateText(e.state));
      acts(e);
      draw(headline, [e.limitW, e.node, e.class, e.test], () => [words.summary(power(e.limitW), nodeText(e.node), classText(e.class)), e.test ? h("span", { class: "tag" }, t().events.test) : null]);
      draw(request, [e.test, e.unreachable, e.binds, e.state, e.end, e.endedBy, e.closed, e.optOuts], () => requestOf(e));
      const times = timesOf(series);
      draw(outcome, [e.response.publishedAfterMs, e.response.capReachedAfterMs, e.compliance, e.state, e.findings, e.findings?.length ? times : null], () => outcomeOf(e, times));
      draw(response, [e.response.boardsAcked, e.response.boardsConfirmed], () => responseOf(e));
      draw(standing, [e.boards, e.exceptions, e.moreExceptions, e.state], () => standingOf(e));
      draw(decision, e.decision, () => e.decision
        ? [h("p", { class: "muted" }, words.decisionAt(moment(e.decision.at))), inputsOf(e.decision), podsOf(e.decision), h("h3", {}, words.skipped), skippedOf(e.decision)]
        : h("p", { class: "muted" }, words.noDecision));
      draw(history, e.history, () => e.history.map((n) => h("li", {}, h("time", { datetime: n.at, class: "muted" }, moment(n.at)), h("span", { lang: lang.value === "en" ? null : noteText(n.text) === n.text ? "en" : null }, noteText(n.text)))));
      const until = e.closed ? new Date(Date.parse(e.closed) + 60_000).toISOString() : "";
      attr(ledgerLink, "href", at`api/ledger/export?format=json&kind=limit&from=${new Date(e.accepted).toISOString()}` + (until ? "&to=" + encodeURIComponent(until) : ""));
      show(noSeries, !series || series.samples.length === 0);
      show(plot.node, series !== null && series.samples.length > 0);
      if (series && series.samples.length > 0) {
        const all = series.samples;
        const last = all[all.length - 1]!;
        plot.set([all.map((s) => s.atS), all.map((s) => s.capW), all.map((s) => s.orderedW), all.map((s) => s.meteredW)], words.seriesSays(power(last.meteredW), power(e.limitW), duration(last.atS * 1000)));
      }
    },
  };
}

function requestOf(e: EventRecord): Child {
  const words = t().event;
  const open = isOpen(e.state);
  const notes: Child[] = [
    e.test && h("li", {}, status("note", words.drill).node),
    e.unreachable && h("li", {}, status("bad", words.unreachable).node),
    e.state === "active" && h("li", {}, e.binds ? status("note", words.binds).node : status("off", words.notBinding).node),
  ];
  const facts: [string, Child][] = [
    [words.by, sourceText(e.source)],
    [words.reason, e.reason || words.noReason],
    [words.accepted, moment(e.accepted)],
    [words.start, moment(e.start)],
    [words.end, e.end ? moment(e.end) : open ? t().events.untilReleased : "–"],
    [words.id, h("code", { title: e.limitId }, shortId(e.limitId))],
  ];
  if (e.profile) facts.push([words.profile, e.profile]);
  if (e.endedBy) facts.push([words.endedBy, said(e.endedBy)]);
  if (e.closed) facts.push([words.closed, moment(e.closed)]);
  return [
    notes.some(Boolean) && h("ul", { class: "notes" }, notes),
    h("dl", { class: "facts" }, facts.map(([label, value]) => fact(label, value).node)),
    e.optOuts.length > 0 && [h("h3", {}, words.optOuts), h("ul", {}, e.optOuts.map((o) => h("li", {}, words.optOutLine(o.target, o.by, o.reason))))],
  ];
}

function outcomeOf(e: EventRecord, times: SeriesTimes): Child {
  const words = t().event;
  const c = e.compliance;
  const seconds = (s: number): string => duration(s * 1000);
  const verdict = c.overS > 0 ? status("bad", words.broken(number(c.overS), number(c.judgedS), power(c.worstOverW)))
    : e.state === "completed_unproven" ? status("warn", words.unproven) : c.judgedS > 0 ? status("good", words.kept(number(c.judgedS))) : status("wait", words.notJudged);
  const facts: [string, string][] = [
    [words.published, e.response.publishedAfterMs === null ? (isOpen(e.state) ? words.notYet : words.never) : ms(e.response.publishedAfterMs, duration)],
    [words.reached, e.response.capReachedAfterMs === null ? (isOpen(e.state) ? words.notYet : words.never) : ms(e.response.capReachedAfterMs, duration)],
    [words.judged, seconds(c.judgedS)],
    [words.over, seconds(c.overS)],
    [words.worst, power(c.worstOverW)],
    [words.unmetered, seconds(c.unmeteredS)],
    [words.notBound, seconds(c.notBindingS)],
    [words.unwatched, seconds(c.unwatchedS)],
  ];
  return [h("p", {}, verdict.node), findingsOf(e, times), h("dl", { class: "facts" }, facts.map(([label, value]) => fact(label, value).node))];
}

function responseOf(e: EventRecord): Child {
  const words = t().event;
  const rows: [string, Percentiles | null][] = [[words.answered, e.response.boardsAcked], [words.confirmed, e.response.boardsConfirmed]];
  if (rows.every(([, times]) => times === null)) return h("p", { class: "muted" }, words.noTimes);
  return h("div", { class: "table-scroll", tabindex: 0, role: "group", "aria-label": words.response }, h("table", { class: "plain cards" },
    h("thead", {}, h("tr", {}, ["", words.boards, words.half, words.nine, words.most, words.slowest].map((title, i) => (i === 0 ? h("td", {}) : h("th", { scope: "col", class: "num" }, title))))),
    h("tbody", {}, rows.map(([label, times]) => h("tr", {}, h("th", { scope: "row", class: "nowrap" }, label),
      (times ? [number(times.boards), ...[times.p50Ms, times.p90Ms, times.p99Ms, times.maxMs].map((value) => ms(value, duration))] : ["–", "–", "–", "–", "–"]).map((value, i) => h("td", { class: "num", "data-label": [words.boards, words.half, words.nine, words.most, words.slowest][i] }, value)))))));
}

function standingOf(e: EventRecord): Child {
  const words = t().event;
  const total = Object.values(e.boards).reduce((sum, n) => sum + n, 0);
  const open = total - (e.boards["confirmed"] ?? 0);
  const present = StandingNames.filter((name) => (e.boards[name] ?? 0) > 0);
  const strip = h("div", { class: "strip", "aria-hidden": "true" }, present.map((name) => {
    const part = h("span", { "data-level": standingLevel(name), "data-standing": name });
    part.style.flexGrow = String(e.boards[name]);
    return part;
  }));
  return [
    total > 0 && strip,
    total > 0 && h("ul", { class: "legend" }, present.map((name) => h("li", {}, status(standingLevel(name), standingText(name)).node, h("strong", {}, number(e.boards[name]!))))),
    h("h3", {}, words.exceptions),
    e.exceptions.length > 0 ? boardWords(e.exceptions) : h("p", { class: "muted" }, open === 0 ? words.noExceptions : words.notConfirmed(number(open))),
    e.moreExceptions > 0 && h("p", { class: "muted" }, words.moreExceptions(number(e.exceptions.length), number(e.moreExceptions)), " ",
      e.state === "active" && h("a", { href: at`api/events/${e.eventId}/boards?take=5000`, download: `event-${e.eventId}-boards.json` }, words.exportBoards)),
  ];
}
