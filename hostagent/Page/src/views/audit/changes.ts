import { panel } from "../../components/panel";
import { status } from "../../components/status";
import { sentenceOf } from "../../components/toast";
import { get } from "../../core/api";
import { fill, h, show, text } from "../../core/dom";
import { keepFocus } from "../../core/focus";
import { moment, number, shortId } from "../../core/format";
import { t, word } from "../../core/i18n";
import type { ViewContext } from "../../core/router";
import type { Change } from "../../core/types";
import { differing } from "./differing";

const Take = 50;

/** Who changed what, in pages. */
export function changes(context: ViewContext): HTMLElement {
  const words = t().audit;
  let skip = 0;
  const note = h("p", { role: "status" }, t().common.loading);
  const body = h("tbody");
  const table = h("table", { class: "plain changes" },
    h("thead", {}, h("tr", {}, [words.when, words.who, words.from, words.what, words.before, words.after].map((title) => h("th", { scope: "col" }, title)))), body);
  const scroller = h("div", { class: "table-scroll tall", tabindex: 0, role: "group", "aria-label": words.changes }, table);
  const newer = h("button", { type: "button", class: "button", on: { click: () => void load(Math.max(0, skip - Take)) } }, words.newer);
  const older = h("button", { type: "button", class: "button", on: { click: () => void load(skip + Take) } }, words.older);
  const shown = h("span", { class: "muted" });
  const pages = h("div", { class: "row" }, shown, newer, older);

  async function load(from: number): Promise<void> {
    const answer = await get<Change[]>(`api/audit?skip=${from}&take=${Take}`, context.signal);
    if (!answer.ok) {
      if (context.signal.aborted) return;
      text(note, answer.problem.status === 404 ? words.notHere : sentenceOf(answer.problem));
      show(note, true);
      show(scroller, false);
      show(pages, false);
      return;
    }
    skip = from;
    const list = answer.value;
    text(note, words.noChanges);
    show(note, list.length === 0 && skip === 0);
    show(scroller, list.length > 0);
    show(pages, skip > 0 || list.length === Take);
    keepFocus(pages, () => {
      newer.disabled = skip === 0;
      older.disabled = list.length < Take;
    }, () => scroller);
    text(shown, words.shown(number(skip + 1), number(skip + list.length)));
    fill(body, list.map(({ number: record, at, change: c }) => h("tr", {},
      h("td", { class: "nowrap", title: words.record + " " + number(record) }, moment(at)),
      h("th", { scope: "row" }, c.who || words.unknown, " ", h("span", { class: "muted" }, word(t().common.roles, c.role))),
      h("td", {}, c.from),
      h("td", { title: c.request }, c.what, c.target ? [" ", h("code", { title: c.target }, shortId(c.target))] : null, " ",
        c.status >= 400 ? status("warn", words.failed + " (" + c.status + ")").node : null,
        c.leftOut > 0 ? h("span", { class: "muted" }, " ", words.more(number(c.leftOut))) : null),
      h("td", {}, value(c.before, c.after)), h("td", {}, c.after === null || c.after === undefined ? value(c.status < 400 ? c.asked : null) : value(c.after, c.before)))));
  }

  show(scroller, false);
  show(pages, false);
  void load(0);
  return panel(words.changes, [h("p", { class: "muted" }, words.changesIntro), note, scroller, pages]).node;
}

// Of two records with the same members only what differs; the whole is in the title.
function value(of: unknown, other: unknown = null): HTMLElement | null {
  if (of === null || of === undefined || of === "") return null;
  if (typeof of === "string") return h("code", {}, of);
  const whole = JSON.stringify(of);
  return h("code", { title: whole }, JSON.stringify(differing(of, other)));
}
