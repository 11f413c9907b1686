// What somebody with the right may do to an open event.
import { ask, openDialog } from "../../components/dialog";
import { sentenceOf, toast, toastProblem } from "../../components/toast";
import { at, call, post, type Answer, type Problem } from "../../core/api";
import { h, refill, text, type Child } from "../../core/dom";
import { t } from "../../core/i18n";
import { may } from "../../core/session";
import type { Limit } from "../../core/types";
import type { EventRecord } from "./types";
import { nodeText } from "./words";

/** Buttons for an event; none for who may not, or if there is nothing left to do. */
export function actsOf(event: EventRecord, done: () => void): Child {
  const words = t().event;
  const holds = event.state === "scheduled" || event.state === "active";
  const button = (label: string, act: () => Promise<void>): Child => h("button", { type: "button", class: "button", on: { click: () => void act().then(done) } }, label);
  return [
    event.state === "active" && event.class !== "emergency" && may("operate") && may("raise") && button(words.optOut, () => optOut(event)),
    (holds || event.state === "restoring") && may("abandon") && button(words.abandon, () => abandon(event)),
    holds && may("raise") && button(words.release, () => release(event)),
  ];
}

async function release(event: EventRecord): Promise<void> {
  const words = t().event;
  if ((await ask({ title: words.releaseTitle, body: h("p", {}, words.releaseBody(nodeText(event.node))), confirm: words.releaseGo })) === null) return;
  told(await call<Limit>(at`api/limits/${event.limitId}`, { method: "DELETE" }), words.released);
}

async function abandon(event: EventRecord): Promise<void> {
  const words = t().event;
  const reason = await ask({ title: words.abandonTitle, body: h("p", {}, words.abandonBody), confirm: words.abandonGo, danger: true, reason: words.reasonLabel });
  if (reason !== null) told(await post<Limit>(at`api/limits/${event.limitId}/abandon`, { reason }), words.abandoned);
}

function told(answer: Answer<Limit>, words: string): void {
  if (!answer.ok) toastProblem(answer.problem);
  else if (answer.status === 202) toast("warn", t().event.notDurable);
  else toast("good", words);
}

/** Asks for what is taken out, and why; what the host refuses is shown at the member that it names. */
function optOut(event: EventRecord): Promise<void> {
  const words = t().event;
  return new Promise((resolve) => {
    const target = field("optout-target", words.optOutTarget);
    const reason = field("optout-reason", words.optOutReason);
    const form = h("form", { class: "form", on: { submit: async (submitted) => {
      submitted.preventDefault();
      const answer = await post(at`api/events/${event.eventId}/optouts`, { target: target.input.value.trim(), reason: reason.input.value.trim() });
      if (answer.ok) {
        toast("good", words.optedOut);
        dialog.close();
      } else for (const f of [target, reason]) f.refuse(answer.problem);
    } } },
      h("p", {}, words.optOutBody), target.node, reason.node,
      h("div", { class: "buttons" }, h("button", { type: "button", class: "button", on: { click: () => dialog.close() } }, t().common.cancel), h("button", { type: "submit", class: "button primary" }, words.optOutGo)));
    const dialog = openDialog(words.optOutTitle, form);
    dialog.addEventListener("close", () => resolve());
    target.input.focus();

    function field(name: string, label: string): { node: HTMLElement; input: HTMLInputElement; refuse(problem: Problem): void } {
      const input = h("input", { id: name, type: "text", required: true, maxlength: 200, autocomplete: "off", "aria-describedby": name + "-fault" });
      const fault = h("p", { id: name + "-fault", class: "fault", role: "alert" });
      return {
        node: h("div", { class: "field" }, h("label", { for: name }, label), input, fault),
        input,
        refuse(problem) {
          const mine = problem.field === name.slice(7) || (name.endsWith("reason") && problem.field !== "target");
          text(fault, mine ? sentenceOf(problem) : "");
          input.setAttribute("aria-invalid", String(mine));
          if (mine) input.focus();
        },
      };
    }
  });
}

/** Draws the buttons anew only when they would be others. */
export function keepActs(into: HTMLElement, done: () => void): (event: EventRecord) => void {
  let drawn = "";
  return (event) => {
    const now = event.state + event.class;
    if (now === drawn) return;
    drawn = now;
    refill(into, actsOf(event, done));
  };
}
