import { ask } from "../../components/dialog";
import { panel } from "../../components/panel";
import { say } from "../../components/said";
import { status, type Level } from "../../components/status";
import { toast, toastProblem } from "../../components/toast";
import { at, post } from "../../core/api";
import { h, rows, show, text } from "../../core/dom";
import { duration, when } from "../../core/format";
import { t } from "../../core/i18n";
import { hostNow } from "../../core/live";
import { may } from "../../core/session";
import { onWall } from "../../core/wall";
import type { Breaker } from "../../core/types";
import type { Part } from "../site";

// The newest requests that have room.
const Most = 5;
const WallMost = 2;

const Levels: Record<Breaker["state"], Level> = { waiting: "bad", confirmed: "bad", refused: "warn", lapsed: "warn", withdrawn: "off", excluded: "warn" };

/** Breaker requests that somebody has to know of; hidden while there is none. */
export function breakers(): Part {
  const words = t().site;
  const list = h("ul", { class: "entries" });
  const node = panel(words.breakers, list, { class: "site-breakers" }).node;
  const update = rows<Breaker>(list, (b) => b.id, (first) => {
    const state = status();
    const told = h("p");
    const asked = h("span", { class: "muted" });
    const buttons = h("div", { class: "buttons" },
      h("button", { type: "button", class: "button", on: { click: () => void answer(first, false) } }, words.refuseBreaker),
      h("button", { type: "button", class: "button danger", on: { click: () => void answer(first, true) } }, words.confirmBreaker));
    return {
      node: h("li", {}, h("div", { class: "row" }, h("strong", {}, first.node), state.node, asked), told,
        h("p", { class: "muted" }, words.breakerBoards + ": " + first.boards.join(", ")), buttons),
      update: (b) => {
        state.set(Levels[b.state], words.breakerStates[b.state] + (b.reason ? ": " + b.reason : ""));
        say(told, b.told);
        text(asked, words.breakerAsked(when(b.askedAt)) + (b.state === "waiting" ? " · " + words.breakerLapses(duration(Math.max(0, Date.parse(b.expiresAt) - hostNow()))) : ""));
        show(buttons, b.state === "waiting" && may("abandon"));
      },
    };
  });
  return {
    node,
    update({ breakers }) {
      const shown = breakers.filter((b) => b.state !== "withdrawn").slice(onWall() ? -WallMost : -Most).reverse();
      show(node, shown.length > 0);
      update(shown);
    },
  };
}

async function answer(breaker: Breaker, confirm: boolean): Promise<void> {
  const words = t().site;
  const reason = await ask({
    title: confirm ? words.confirmTitle(breaker.node) : words.refuseTitle(breaker.node),
    body: h("p", {}, confirm ? words.confirmText : words.refuseText),
    confirm: (confirm ? words.confirmBreaker : words.refuseBreaker).replace(/ …$/, ""),
    danger: confirm,
    reason: words.reason,
    ...(confirm ? { second: words.confirmCheck } : {}),
  });
  if (reason === null) return;
  const result = await post(at`api/breaker/${breaker.id}/` + (confirm ? "confirm" : "refuse"), { reason });
  if (result.ok) toast("good", words.answered);
  else toastProblem(result.problem);
}
