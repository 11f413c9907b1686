// All boards of the site: a table of any length, of which the host sends what is in sight.
import { status, type Status } from "../../components/status";
import { sentenceOf } from "../../components/toast";
import { table, type Column, type Sort } from "../../components/table";
import { get } from "../../core/api";
import { h, show, text } from "../../core/dom";
import { celsius, duration, hashRate, NoValue, number, power } from "../../core/format";
import { t } from "../../core/i18n";
import { address, go, type View } from "../../core/router";
import { filterBar, toQuery, type Filter } from "./filters";
import type { FleetLine, FleetPage } from "./types";
import { windows } from "./window";
import { limitText, modeLevel, modeText, skipText, stateText, tera, fineW } from "./words";

const RefreshMs = 2000;

// The host's words for columns; "board" is the configuration's order.
const Path = "boards/:pod/:board";

export function openBoard(name: string): void {
  const [pod = "", board = ""] = name.split("/");
  go(Path, { pod, board });
}

export function boardLink(name: string): HTMLAnchorElement {
  const [pod = "", board = ""] = name.split("/");
  return h("a", { href: address(Path, { pod, board }) }, name);
}

export const boards: View = {
  path: "boards",
  title: (t) => t.boards.title,
  nav: { order: 20, icon: "boards", key: "b" },
  show(root, context) {
    const filter: Filter = {
      pod: context.query.get("pod") ?? "",
      mode: context.query.get("mode") ?? "",
      state: context.query.get("state") ?? "",
      text: context.query.get("text") ?? "",
    };
    let sort: Sort = { key: context.query.get("sort") ?? "board", down: context.query.get("down") === "1" };
    let first = 0;
    let count = 50;
    // How many there are is said; watts change with each look, and are only shown.
    const counted = h("span", { role: "status" });
    const sums = h("span", {});
    const summary = h("p", { class: "boards-summary v" }, counted, sums);
    const fault = h("p", { class: "fault", role: "alert" });

    const list = windows<FleetLine, FleetPage>(
      async (skip, take, signal) => {
        const answer = await get<FleetPage>("api/fleet?" + toQuery(filter, sort, skip, take), signal);
        if (!answer.ok && !signal.aborted) text(fault, t().boards.failed + " " + sentenceOf(answer.problem));
        return answer.ok ? answer.value : null;
      },
      (page) => {
        text(fault, "");
        text(counted, countOf(page));
        text(sums, sumsOf(page));
        bar.set(page);
        grid.set(list.rows, sort);
        show(grid.node, true);
      },
    );

    const grid = table<FleetLine>({
      label: t().boards.title,
      columns: columns(),
      keyOf: (row) => row.board,
      height: "max(20rem, calc(100vh - 20.5rem))",
      empty: t().boards.nothing,
      sort,
      onOpen: (row) => openBoard(row.board),
      onSort: (next) => change(() => (sort = next)),
      onWindow: (from, rows) => {
        first = from;
        count = rows;
        list.look(first, count);
      },
      level: (row) => modeLevel(row.mode, row.states),
    });

    const bar = filterBar(filter, (next) => change(() => Object.assign(filter, next)));

    function change(act: () => void): void {
      act();
      context.setQuery({ ...filter, sort: sort.key === "board" ? "" : sort.key, down: sort.down ? "1" : "" });
      list.restart();
      grid.top();
      list.look(0, count);
    }

    show(grid.node, false);
    root.append(bar.node, summary, fault, grid.node);
    context.onLive((picture) => bar.pods(picture.site.pods.map((p) => p.id)));
    context.every(RefreshMs, () => list.look(first, count, true));
    context.onLeave(() => {
      list.end();
      grid.destroy();
    });
  },
};

function countOf(page: FleetPage): string {
  const words = t().boards;
  return page.matched === page.total ? words.all(number(page.total)) : words.matched(number(page.matched), number(page.total));
}

function sumsOf(page: FleetPage): string {
  const cost = page.hashGhs > 0 ? " · " + number((page.powerW * 1000) / page.hashGhs, 1) + " J/TH" : "";
  return " · " + power(page.powerW) + " · " + hashRate(page.hashGhs) + cost;
}

function columns(): Column<FleetLine>[] {
  const words = t().boards.columns;
  const badges = new WeakMap<Node, Status>();
  const badge = (row: FleetLine, old: Node | null): Node => {
    const kept = (old && badges.get(old)) || status();
    badges.set(kept.node, kept);
    kept.set(modeLevel(row.mode, row.states), modeText(row.mode));
    return kept.node;
  };
  return [
    { key: "board", title: words.board, width: "minmax(4.4rem, 1.6fr)", sortable: true, cell: (row) => row.board },
    { key: "mode", title: words.mode, width: "minmax(6rem, 1.2fr)", sortable: true, cell: badge },
    { key: "power", title: words.power, width: "minmax(4.4rem, 0.8fr)", numeric: true, sortable: true, cell: (row) => (row.powerW === null ? NoValue : fineW(row.powerW)) },
    { key: "ordered", title: words.ordered, width: "minmax(5.5rem, 0.8fr)", numeric: true, sortable: true, wide: true, cell: (row) => (row.orderedW === null ? NoValue : fineW(row.orderedW)) },
    { key: "hash", title: words.hash, width: "minmax(6rem, 0.9fr)", numeric: true, sortable: true, wide: true, cell: (row) => tera(row.hashGhs) },
    { key: "efficiency", title: words.efficiency, width: "minmax(4.5rem, 0.7fr)", numeric: true, sortable: true, wide: true, cell: (row) => (row.powerW !== null && row.hashGhs > 0 ? number((row.powerW * 1000) / row.hashGhs, 1) : NoValue) },
    { key: "chip", title: words.chip, width: "minmax(4.8rem, 0.7fr)", numeric: true, sortable: true, cell: (row) => celsius(row.chipC) },
    { key: "limitedBy", title: words.limitedBy, width: "minmax(8rem, 1.2fr)", sortable: true, wide: true, cell: (row) => limitText(row.limitedBy) },
    { key: "age", title: words.age, width: "minmax(4rem, 0.6fr)", numeric: true, sortable: true, wide: true, cell: (row) => (row.ageS === null ? NoValue : duration(row.ageS * 1000)) },
    { key: "states", title: words.states, width: "minmax(9rem, 1.6fr)", wide: true, cell: (row) => remarks(row) },
  ];
}

function remarks(row: FleetLine): string {
  const states = row.states.filter((s) => s !== "offline" || !row.skip).map(stateText);
  const skip = row.skip && !(row.skip === "locked out" && row.states.includes("lockedOut")) && !(row.skip === "offline" && row.states.includes("offline")) ? [skipText(row.skip)] : [];
  return [...new Set([...states, ...skip])].join(", ");
}
