// Compose an order, see what it would do, confirm it, and hear what became of it.
import { ask } from "../../components/dialog";
import { fact, panel } from "../../components/panel";
import { status, type Level } from "../../components/status";
import { sentenceOf, toastProblem } from "../../components/toast";
import { get, newKey, post, type Answer } from "../../core/api";
import { attr, h, refill, show, type Child } from "../../core/dom";
import { momentZone, number, power } from "../../core/format";
import { t } from "../../core/i18n";
import { address, parseHash, type View } from "../../core/router";
import { may } from "../../core/session";
import type { Limit, OrderClass } from "../../core/types";
import type { Profile } from "../events/types";
import { nodeText } from "../events/words";
import { bodyOf, startOf, wattsOf, type Draft, type RequestBody } from "./draft";
import { orderForm } from "./form";
import { boardsOf, changeText, previewPane } from "./preview";

const TypingMs = 250;
const RefreshMs = 4000;

// What was being composed when the page was drawn anew in another language. Whoever goes elsewhere begins again.
let unfinished: Draft | null = null;

export const order: View = {
  path: "order",
  title: (t) => t.order.title,
  nav: { order: 40, icon: "order", key: "o", needs: "lower" },
  show(root, context) {
    const words = t().order;
    if (!may("lower")) {
      root.append(h("p", { class: "muted" }, words.mayNot));
      return;
    }

    let typing: ReturnType<typeof setTimeout> | undefined;
    let sending = false;
    // One key for one request: a repeat after a lost answer carries it again, another request draws a new one.
    let key = { for: "", value: newKey() };
    const result = h("div", { class: "stack" });
    const resultPanel = panel(words.result, result, { class: "order-result" });
    resultPanel.node.setAttribute("role", "status");
    show(resultPanel.node, false);
    const pane = previewPane((problem) => form.refuse(problem));
    const form = orderForm(unfinished ?? givenIn(context.query), changed, () => void submit());
    unfinished = null;

    function changed(): void {
      clearTimeout(typing);
      typing = setTimeout(look, TypingMs);
    }

    function look(): void {
      const draft = form.draft();
      if (unread(draft)) return;
      pane.ask(wattsOf(draft) === null || draft.node === "" ? null : bodyOf(draft));
    }

    // A limit that can be read in two ways is not sent to be guessed at, nor a time that no clock will show.
    function unread(draft: Draft): boolean {
      const limit = Number.isNaN(wattsOf(draft) ?? 0);
      if (!limit && (draft.start === "" || startOf(draft.start))) return false;
      pane.ask(null);
      form.refuse({ status: 422, title: "", detail: limit ? words.notNumber : words.noSuchTime, field: limit ? "limitW" : "start" });
      return true;
    }

    async function submit(): Promise<void> {
      const draft = form.draft();
      const body = bodyOf(draft);
      if (draft.limit.trim() === "") {
        form.refuse({ status: 422, title: "", detail: words.previewEmpty, field: "limitW" });
        document.getElementById("order-limit")?.focus();
        return;
      }
      if (unread(draft) || sending || !(await confirmed(draft))) return;
      await send(body);
    }

    async function confirmed(draft: Draft): Promise<boolean> {
      const preview = pane.current();
      const where = nodeText(draft.node);
      if (draft.class === "emergency") {
        const effect = preview ? words.emergencyEffect(power(preview.shedW), number(boardsOf(preview)), where) : words.emergencyUnknown(where);
        return (await ask({
          title: words.emergencyTitle,
          body: h("div", { class: "stack" }, h("p", {}, h("strong", {}, effect)), h("p", {}, words.emergencyAfter), terms(draft)),
          confirm: preview && preview.shedW > 0 ? words.emergencyGo(power(preview.shedW)) : words.emergencyGoBlind,
          danger: true,
        })) !== null;
      }
      const effect = preview ? h("p", {}, words.effect(changeText(preview), number(boardsOf(preview)), number(preview.settlesInS) + " " + t().common.units.s)) : null;
      const warning = preview?.unreachable ? h("p", {}, status("bad", words.unreachable).node) : preview && !preview.binds ? h("p", {}, status("warn", words.binds).node) : null;
      return (await ask({ title: words.confirmTitle, body: h("div", { class: "stack" }, effect, warning, terms(draft)), confirm: words.confirmGo })) !== null;
    }

    async function send(body: RequestBody): Promise<void> {
      const told = JSON.stringify(body);
      if (key.for !== told) key = { for: told, value: newKey() };
      sending = true;
      // Not `disabled`: the focus is on it.
      attr(form.submit, "aria-disabled", "true");
      const answer = await post<Limit>("api/limits", body, { idempotencyKey: key.value });
      sending = false;
      attr(form.submit, "aria-disabled", null);
      // Only an answer that is not known may be asked for again with the same key.
      if (answer.ok || answer.problem.status !== 0) key = { for: "", value: newKey() };
      show(resultPanel.node, true);
      refill(result, resultOf(answer, () => void send(body)));
      // Rights that are gone draw the view anew, without this result.
      if (!answer.ok && answer.problem.status === 403) toastProblem(answer.problem);
      if (answer.ok) form.clear();
      else form.refuse(answer.problem);
      resultPanel.node.scrollIntoView({ block: "nearest" });
      look();
    }

    root.append(h("div", { class: "order-page" },
      h("div", { class: "stack" }, panel(words.form, form.node, { class: "order-compose" }).node),
      h("div", { class: "stack" }, resultPanel.node, panel(words.preview, pane.node, { class: "order-preview" }).node)));
    context.onLive((picture) => form.live(picture));
    context.every(RefreshMs, look);
    void get<Profile[]>("api/profiles", context.signal).then((answer) => answer.ok && form.profiles(answer.value));
    context.onLeave(() => {
      unfinished = parseHash(location.hash).path.join() === order.path ? form.draft() : null;
      clearTimeout(typing);
      pane.end();
    });
  },
};

function givenIn(query: URLSearchParams): Partial<Draft> {
  const start: Partial<Draft> = {};
  const node = query.get("node");
  const orderClass = query.get("class");
  const limit = query.get("limit");
  if (node) start.node = node;
  if (orderClass === "economic" || orderClass === "reliability" || orderClass === "emergency") start.class = orderClass satisfies OrderClass;
  if (limit) start.limit = limit;
  return start;
}

// What was typed, once more, before it goes out.
function terms(draft: Draft): Child {
  const words = t().order;
  const rows: [string, string][] = [
    [words.where, nodeText(draft.node)],
    [words.how, draft.profile || t().common.classes[draft.class]],
    [words.limit, power(wattsOf(draft))],
    [words.duration, draft.minutes ? draft.minutes + " " + t().common.units.min : words.untilReleased],
    [words.start, draft.start ? momentZone(startOf(draft.start)) : words.now],
  ];
  if (draft.reason) rows.push([words.reason, draft.reason]);
  return [h("dl", { class: "facts" }, rows.map(([label, value]) => fact(label, value).node)), draft.test ? h("p", {}, h("span", { class: "tag" }, t().events.test), " " + t().event.drill) : null];
}

function resultOf(answer: Answer<Limit>, again: () => void): Child {
  const words = t().order;
  if (!answer.ok) {
    const unknown = answer.problem.status === 0;
    return [
      h("p", {}, status(unknown ? "warn" : "bad", unknown ? words.unknown : sentenceOf(answer.problem)).node),
      unknown ? h("div", { class: "buttons start" }, h("button", { type: "button", class: "button", on: { click: again } }, words.again)) : null,
    ];
  }
  const limit = answer.value;
  const notDurable = answer.status === 202 || !limit.durable;
  const [level, sentence]: [Level, string] = notDurable ? ["warn", words.notDurable] : answer.status === 200 ? ["note", words.repeated] : ["good", words.created];
  return [
    h("p", {}, status(level, sentence).node),
    h("dl", { class: "facts" }, fact(t().event.id, h("code", {}, limit.id)).node, limit.ledger ? fact(words.head, h("code", {}, limit.ledger)).node : null),
    h("div", { class: "buttons start" }, h("a", { class: "button primary", href: address("events/:id", { id: limit.eventId }) }, words.seeEvent)),
  ];
}
