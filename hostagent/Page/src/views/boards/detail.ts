// One board: what it does now and why, what it measures, its ladder, what was ordered of it, and the events it took part in.
import { chart } from "../../components/chart";
import { ask } from "../../components/dialog";
import { keepLost } from "../../components/lost";
import { fact, panel, type Fact } from "../../components/panel";
import { say } from "../../components/said";
import { status, type Level } from "../../components/status";
import { toast, toastProblem } from "../../components/toast";
import { at, get, post, type Answer } from "../../core/api";
import { attr, fill, h, refill, show, text } from "../../core/dom";
import { celsius, duration, moment, NoValue, number, percent } from "../../core/format";
import { t } from "../../core/i18n";
import { address, type View, type ViewContext } from "../../core/router";
import { may } from "../../core/session";
import { ladderChart } from "./ladder";
import { eventTable, orderTable } from "./parts";
import type { BoardDetail, BoardEvent } from "./types";
import { fineW, limitText, modeLevel, modeText, qualityText, skipText, tera } from "./words";

const RefreshMs = 2000;
const EventsMs = 15_000;
const TrendSamples = 900;

const watts = (value: number | null): string => (value === null ? NoValue : fineW(value));

export const board: View = {
  path: "boards/:pod/:board",
  title: (t, params) => t.board.title(params["pod"] + "/" + params["board"]),
  show(root, context) {
    const pod = context.params["pod"]!;
    const name = context.params["board"]!;
    const words = t().board;
    const path = at`api/boards/${pod}/${name}`;
    const loading = h("p", { class: "muted" }, words.loading);
    const crumbs = h("nav", { class: "crumbs", "aria-label": t().boards.title }, h("a", { href: address("boards") }, words.back), h("a", { href: address("boards", {}, { pod }) }, words.podBoards(pod)));
    const page = makePage(path, pod + "/" + name, context, refresh);
    const lost = keepLost(loading, page.node);
    root.append(crumbs, loading, page.node);

    async function refresh(): Promise<void> {
      const answer = await get<BoardDetail>(path + "/detail", context.signal);
      if (context.signal.aborted) return;
      if (!lost(answer, words.none)) page.set(answer.value);
    }

    context.every(RefreshMs, () => void refresh());
    context.every(EventsMs, () => void get<BoardEvent[]>(path + "/events", context.signal).then((answer) => answer.ok && page.events(answer.value)));
  },
};

interface Page {
  node: HTMLElement;
  set(detail: BoardDetail): void;
  events(events: readonly BoardEvent[]): void;
}

function makePage(path: string, name: string, context: ViewContext, refresh: () => Promise<void>): Page {
  const words = t().board;
  const mode = status();
  const notes = h("ul", { class: "notes" });
  const actions = h("div", { class: "buttons" });
  const now = facts({ power: words.power, ordered: words.ordered, believed: words.believed, hash: words.hash, efficiency: words.efficiency, limitedBy: words.limitedBy, quality: words.quality });
  attr(now.of.believed.node, "title", words.believedWhy);
  const cool = facts({ chip: words.chip, regulator: words.regulator, fan: words.fan, clock: words.clock, core: words.core, input: words.input, load: words.load, shares: words.shares, errors: words.errors, uptime: words.uptime });
  const who = facts({
    model: words.model, firmware: words.firmware, serial: words.serial, contract: words.contract, keys: words.keys, nameplate: words.nameplate, failsafe: words.failsafe, ownCap: words.ownCap,
    admission: words.admission, lease: words.lease, orderNo: words.orderNo, bad: words.bad,
  });
  const noReadings = h("p", { class: "muted" }, words.noReadings);
  const ladder = h("div", { class: "stack" });
  const orders = h("div", {});
  const events = h("div", {}, h("p", { class: "muted" }, t().common.loading));
  const trend = chart({ title: words.trend, format: (v) => watts(v), height: 200, lines: [
    { label: words.ordered, colour: "ordered", stepped: true, dash: [6, 4] }, { label: words.power, colour: "metered", fill: "metered-fill" }] });
  const past: [number[], (number | null)[], (number | null)[]] = [[], [], []];
  context.onLeave(() => trend.destroy());
  let ladderDrawn = "";
  let ordersDrawn = "";
  let actionsDrawn = "";
  let notesDrawn = "";

  const node = h("div", { class: "board-page" },
    panel(words.now, [notes, now.node], { class: "board-now", aside: [mode.node, actions] }).node,
    h("div", { class: "stack" },
      panel(words.ladder, ladder).node,
      panel(words.identity, who.node).node),
    h("div", { class: "stack" },
      panel(words.temperatures, [noReadings, cool.node]).node,
      panel(words.trend, trend.node).node,
      panel(words.orders, orders).node,
      panel(words.events, events).node));

  function set(detail: BoardDetail): void {
    const b = detail.board;
    const states = [...(b.suspect ? ["suspect"] : []), ...(b.latches ? ["latched"] : []), ...(b.online ? [] : ["offline"]), ...(b.lockedOut ? ["lockedOut"] : [])];
    mode.set(modeLevel(b.mode, states), b.online ? modeText(b.mode) : qualityText("offline"));
    const fresh = b.quality === "good";
    text(now.of.power.value, fresh ? watts(b.powerW) : NoValue);
    text(now.of.ordered.value, detail.podOrder.asksW === null ? NoValue : watts(b.orderedW));
    text(now.of.believed.value, watts(b.estimateW));
    text(now.of.hash.value, fresh ? tera(b.hashGhs) : NoValue);
    text(now.of.efficiency.value, fresh && b.hashGhs > 0 ? number((b.powerW * 1000) / b.hashGhs, 1) + " J/TH" : NoValue);
    text(now.of.limitedBy.value, limitText(b.limitedBy));
    text(now.of.quality.value, qualityText(b.quality) + (b.ageMs === null ? "" : ", " + words.ago(duration(b.ageMs))));
    const remarked = remarks(detail);
    const noted = JSON.stringify(remarked);
    if (noted !== notesDrawn) fill(notes, remarked.map(([level, sentence]) => h("li", {}, status(level, sentence).node)));
    notesDrawn = noted;
    show(notes, remarked.length > 0);
    readings(detail);
    identity(detail);
    const drawn = JSON.stringify([detail.ladder, detail.offered, detail.ladderPending]);
    if (drawn !== ladderDrawn) drawLadder(detail);
    ladderDrawn = drawn;
    const listed = JSON.stringify(detail.orders);
    if (listed !== ordersDrawn) refill(orders, detail.orders.length > 0 ? orderTable(detail.orders) : h("p", { class: "muted" }, words.noOrders));
    ordersDrawn = listed;
    const rights = String(b.lockedOut);
    if (rights !== actionsDrawn) drawActions(b.lockedOut);
    actionsDrawn = rights;
    grow(detail, fresh);
  }

  function grow(detail: BoardDetail, fresh: boolean): void {
    const at = Math.round(Date.parse(detail.at) / 1000);
    const last = past[0].at(-1);
    // A clock that was set back begins anew; over a hole no line is drawn.
    if (last !== undefined && at <= last) for (const column of past) column.length = 0;
    else if (last !== undefined && at - last > (3 * RefreshMs) / 1000) [past[0], past[1], past[2]].forEach((column, i) => (column as (number | null)[]).push(i === 0 ? last + 1 : null));
    past[0].push(at);
    past[1].push(detail.podOrder.asksW === null ? null : detail.board.orderedW);
    past[2].push(fresh ? detail.board.powerW : null);
    for (const column of past) column.splice(0, Math.max(0, column.length - TrendSamples));
    // One sample is no line.
    show(trend.node, past[0].length > 1);
    if (past[0].length > 1) trend.set(past, words.trendSays(fresh ? watts(detail.board.powerW) : NoValue, celsius(detail.readings?.chipC)));
  }

  function readings(detail: BoardDetail): void {
    const r = detail.readings;
    show(noReadings, !r);
    show(cool.node, r !== null);
    const volts = (value: number | null | undefined): string => (value === null || value === undefined ? NoValue : number(value, 2) + " V");
    text(cool.of.chip.value, celsius(r?.chipC));
    text(cool.of.regulator.value, celsius(r?.regulatorC));
    text(cool.of.fan.value, r?.fanRpm === null || r?.fanRpm === undefined ? percent(r?.fanPercent) : number(r.fanRpm) + " rpm, " + percent(r.fanPercent));
    text(cool.of.clock.value, r?.freqMhz === null || r?.freqMhz === undefined ? NoValue : number(r.freqMhz) + " MHz");
    text(cool.of.core.value, volts(r?.coreV));
    text(cool.of.input.value, volts(r?.inputV));
    text(cool.of.load.value, percent(r?.loadPercent));
    text(cool.of.shares.value, [number(detail.board.accepted) + " " + words.accepted, number(detail.board.rejected) + " " + words.rejected, number(r?.staleShares) + " " + words.late].join(", "));
    text(cool.of.errors.value, number(r?.hwErrors));
    text(cool.of.uptime.value, r?.uptimeS === null || r?.uptimeS === undefined ? NoValue : duration(r.uptimeS * 1000));
  }

  function identity(detail: BoardDetail): void {
    const b = detail.board;
    text(who.of.model.value, b.model || NoValue);
    text(who.of.firmware.value, b.firmware || NoValue);
    text(who.of.serial.value, detail.serial || NoValue);
    text(who.of.contract.value, detail.contract ? words.contractKnown : words.contractUnknown);
    text(who.of.keys.value, words.keysOf(detail.kid, detail.podKid));
    text(who.of.nameplate.value, watts(b.nameplateW));
    text(who.of.failsafe.value, watts(detail.failsafeW));
    text(who.of.ownCap.value, watts(detail.ownCapW ?? detail.sentCapW));
    say(who.of.admission.value, b.admission);
    text(who.of.lease.value, duration(b.leaseLeftS * 1000));
    text(who.of.orderNo.value, b.epoch + " / " + b.orderId);
    text(who.of.bad.value, number(detail.badMessages));
  }

  function drawLadder(detail: BoardDetail): void {
    refill(ladder,
      detail.ladderPending ? h("p", {}, status("wait", words.pending).node) : null,
      detail.ladder ? ladderChart(detail.ladder) : h("p", {}, status("warn", words.noLadder).node),
      detail.offered ? h("div", { class: "offer" },
        h("h3", {}, words.offered),
        ladderChart(detail.offered.ladder),
        detail.offered.fault ? h("p", {}, status("warn", words.offeredFault(detail.offered.fault)).node)
          : may("operate") && may("raise") && !detail.ladderPending ? h("div", { class: "buttons" }, h("button", { type: "button", class: "button", on: { click: () => void accept() } }, words.accept)) : null) : null);
  }

  function drawActions(lockedOut: boolean): void {
    refill(actions, lockedOut
      ? may("operate") && may("raise") && h("button", { type: "button", class: "button", on: { click: () => void lockout(false) } }, words.release)
      : may("operate") && may("lower") && h("button", { type: "button", class: "button", on: { click: () => void lockout(true) } }, words.lockOut));
  }

  async function lockout(on: boolean): Promise<void> {
    const reason = await ask({
      title: on ? words.lockOutTitle(name) : words.releaseTitle(name), body: h("p", {}, on ? words.lockOutBody : words.releaseBody),
      confirm: on ? words.lockOutGo : words.releaseGo, danger: on, reason: words.reason,
    });
    if (reason !== null) done(await post(path + "/lockout", { on, reason }));
  }

  async function accept(): Promise<void> {
    if ((await ask({ title: words.acceptTitle, body: h("p", {}, words.acceptBody), confirm: words.accept })) !== null) done(await post(path + "/ladder", {}));
  }

  function done(answer: Answer<unknown>): void {
    if (answer.ok) toast("good", words.sent);
    else toastProblem(answer.problem);
    void refresh();
  }

  return {
    node,
    set,
    events: (list) => refill(events, list.length > 0 ? eventTable(list) : h("p", { class: "muted" }, words.noEvents)),
  };
}

function remarks(detail: BoardDetail): [Level, string][] {
  const words = t().board;
  const b = detail.board;
  const found: [Level, string][] = [];
  if (b.suspect) found.push(["bad", words.suspect]);
  if (b.latches) found.push(["bad", words.latches(b.latches.split(",").join(", "))]);
  if (detail.lockout) found.push(["note", words.lockedOut((detail.lockout.node ?? words.byBoard) + (detail.lockout.since ? ", " + moment(detail.lockout.since) : ""), detail.lockout.reason)]);
  else if (detail.skip) found.push(["warn", words.notReached(skipText(detail.skip))]);
  return found;
}

function facts<K extends string>(labels: Record<K, string>): { node: HTMLElement; of: Record<K, Fact> } {
  const of = Object.fromEntries(Object.entries<string>(labels).map(([key, label]) => [key, fact(label)])) as Record<K, Fact>;
  return { node: h("dl", { class: "facts" }, Object.values<Fact>(of).map((f) => f.node)), of };
}
