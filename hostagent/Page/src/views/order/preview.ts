// What an order would do, asked of the host while it is composed. Nothing is sent to any board.
import { fact } from "../../components/panel";
import { said } from "../../components/said";
import { status } from "../../components/status";
import { post, type Problem } from "../../core/api";
import { fill, h, show, text, toggle, type Child } from "../../core/dom";
import { hashRate, number, power } from "../../core/format";
import { t } from "../../core/i18n";
import { hostNow } from "../../core/live";
import { boardLink } from "../boards/list";
import { podsOf, skippedOf } from "../events/decision";
import type { Preview } from "../events/types";
import type { RequestBody } from "./draft";

const NamedBoards = 50;

export interface PreviewPane {
  node: HTMLElement;
  /** Asks for the preview of a request, or shows that there is none to ask for. */
  ask(body: RequestBody | null): void;
  /** The preview of the very request that was asked for last; null if it is not there. */
  current(): Preview | null;
  end(): void;
}

export function previewPane(refused: (problem: Problem | null) => void): PreviewPane {
  const words = t().order;
  const note = h("p", { class: "muted" }, words.previewEmpty);
  const content = h("div", { class: "stack" });
  // Said once for each request; the preview itself follows the site, every few seconds.
  const aloud = h("p", { class: "visually-hidden", role: "status" });
  const node = h("div", { class: "stack preview" }, note, aloud, content);
  let under: AbortController | null = null;
  let shown: Preview | null = null;
  let valid = false;
  let drawn = "";
  let asked = "";
  let spoken = "";

  return {
    node,
    current: () => (valid ? shown : null),
    end: () => under?.abort(),
    ask(body) {
      under?.abort();
      const told = JSON.stringify(body);
      valid = valid && told === asked;
      asked = told;
      if (!body) {
        shown = null;
        drawn = "";
        spoken = "";
        text(aloud, "");
        refused(null);
        fill(content);
        say(words.previewEmpty);
        return;
      }
      const mine = new AbortController();
      under = mine;
      if (!shown) say(words.previewBusy);
      toggle(content, "old", !valid);
      void post<Preview>("api/limits/preview?take=" + NamedBoards, body, { signal: mine.signal }).then((answer) => {
        if (mine.signal.aborted) return;
        if (!answer.ok) {
          valid = false;
          toggle(content, "old", true);
          refused(answer.problem);
          say(shown ? words.previewOld : words.previewEmpty);
          return;
        }
        refused(null);
        shown = answer.value;
        valid = true;
        toggle(content, "old", false);
        say("");
        const key = JSON.stringify({ ...answer.value, limit: null, decision: { ...answer.value.decision, at: "" } });
        if (spoken !== told) text(aloud, changeText(answer.value) + ", " + words.boards + ": " + number(boardsOf(answer.value)));
        else if (key !== drawn && content.contains(document.activeElement)) return;
        spoken = told;
        if (key !== drawn) {
          const open = content.querySelector("details")?.open ?? false;
          fill(content, draw(answer.value));
          const details = content.querySelector("details");
          if (details) details.open = open;
        }
        drawn = key;
      });
    },
  };

  function say(sentence: string): void {
    text(note, sentence);
    show(note, sentence !== "");
  }
}

/** Watts that would go or come, in words. */
export function changeText(preview: Preview): string {
  const words = t().order;
  if (Math.abs(preview.shedW) < 0.05) return words.same;
  return preview.shedW > 0 ? words.fall(power(preview.shedW)) : words.rise(power(-preview.shedW));
}

/** How many boards change. */
export const boardsOf = (preview: Preview): number => preview.boards.length + preview.moreBoards;

function draw(preview: Preview): Child {
  const words = t().order;
  const inputs = preview.decision.inputs;
  const before = inputs.floorW + inputs.orderedBeforeW;
  const after = before - preview.shedW;
  const skipped = Object.values(preview.decision.skipped).reduce((sum, n) => sum + n, 0);
  const notes: Child[] = [
    preview.unreachable && h("li", {}, status("bad", words.unreachable).node),
    !preview.binds && h("li", {}, status("warn", words.binds).node),
    preview.binds && boardsOf(preview) === 0 && h("li", {}, status("note", words.noChange).node),
    preview.shedW < -0.05 && preview.waits.length > 0 && h("li", {}, status("wait", words.waits).node, preview.waits.map((why) => [" ", said(why)])),
    Date.parse(preview.limit.start) > hostNow() + 60_000 && h("li", {}, status("note", words.later2).node),
  ];
  return [
    h("div", { class: "before-after" },
      h("div", {}, h("span", { class: "muted" }, words.before), h("strong", {}, power(before))),
      h("span", { class: "arrow", "aria-hidden": "true" }, "→"),
      h("div", {}, h("span", { class: "muted" }, words.after), h("strong", {}, power(after, before))),
      h("div", { class: "change", "data-falls": String(preview.shedW > 0) }, changeText(preview))),
    notes.some(Boolean) && h("ul", { class: "notes" }, notes),
    h("dl", { class: "facts" },
      fact(words.boards, number(boardsOf(preview))).node,
      fact(preview.hashLostGhs < 0 ? words.hashBack : words.hash, hashRate(Math.abs(preview.hashLostGhs))).node,
      fact(words.settles, number(preview.settlesInS) + " " + t().common.units.s).node,
      fact(words.skipped, number(skipped)).node),
    h("h3", {}, words.byPod),
    podsOf(preview.decision),
    skipped > 0 && [h("h3", {}, words.skipped), skippedOf(preview.decision)],
    preview.boards.length > 0 && h("details", {}, h("summary", {}, words.who), boardTable(preview)),
  ];
}

function boardTable(preview: Preview): Child {
  const words = t().order;
  const event = t().event;
  return [
    h("div", { class: "table-scroll short", tabindex: 0, role: "group", "aria-label": words.who }, h("table", { class: "plain" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, event.board), [event.from, event.to, words.hash].map((title) => h("th", { scope: "col", class: "num" }, title)))),
      h("tbody", {}, preview.boards.map((b) => h("tr", {},
        h("th", { scope: "row" }, boardLink(b.board)),
        h("td", { class: "num" }, number(b.fromW, 1) + " W"),
        h("td", { class: "num" }, number(b.toW, 1) + " W"),
        h("td", { class: "num" }, hashRate(b.hashLostGhs))))))),
    preview.moreBoards > 0 && h("p", { class: "muted" }, words.moreBoards(number(preview.moreBoards))),
  ];
}
