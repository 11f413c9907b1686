import { openDialog } from "../components/dialog";
import { fact, type Fact } from "../components/panel";
import { say } from "../components/said";
import { status, type Level } from "../components/status";
import { sentenceOf } from "../components/toast";
import { at, call, type Answer } from "../core/api";
import { fill, h, rows, show, text, type Row } from "../core/dom";
import { duration, efficiency, moment, NoValue, number, power, when } from "../core/format";
import { t, word } from "../core/i18n";
import { hostNow } from "../core/live";
import type { View } from "../core/router";
import { may } from "../core/session";
import type { Source, SourceTest } from "../core/types";

const Levels: Record<Source["quality"], Level> = { good: "good", stale: "warn", waiting: "wait", idle: "off" };

// Messages that each kind understands.
const Examples: { readonly [kind: string]: string } = { schedule: '{"at":"2026-11-23T17:30:00Z"}', price: '{"powerPerMWh":60}', surplus: '{"powerW":120}' };

export const sources: View = {
  path: "sources",
  title: (t) => t.sources.title,
  nav: { order: 50, icon: "sources", key: "q" },
  show(root, context) {
    // That there is none is known with the first picture.
    const none = h("p", { class: "muted" }, t().common.loading);
    const list = h("ul", { class: "cards" });
    root.append(h("p", { class: "muted" }, t().sources.intro), none, list);
    const update = rows<Source>(list, (s) => s.kind + " " + s.id, card);
    context.onLive((picture) => {
      text(none, t().sources.none);
      show(none, picture.sources.length === 0);
      update(picture.sources);
    });
  },
};

/** Watts, or a number in J/TH, or that nothing is asked. */
export function askOf(watts: number | null, mjPerTh: number | null): string {
  if (watts === null && mjPerTh === null) return t().sources.asksNothing;
  return [watts === null ? "" : power(watts), mjPerTh === null ? "" : efficiency(mjPerTh)].filter((p) => p).join(", ");
}

function card(first: Source): Row<Source> {
  const words = t().sources;
  const quality = status();
  const asks = h("p", { class: "big v" });
  const of = h("span", { class: "muted" });
  const why = h("p", { class: "v" });
  const fallbackHolds = status("warn");
  const facts: Record<"heard" | "fresh" | "fallback" | "next" | "via" | "mayRaise" | "words", Fact> = {
    heard: fact(words.heard),
    fresh: fact(words.fresh),
    fallback: fact(words.fallback),
    next: fact(words.next),
    via: fact(words.via),
    mayRaise: fact(words.mayRaise),
    words: fact(words.words),
  };
  const refusal = h("p", { class: "v" });
  const refused = h("div", {}, h("h3", {}, words.refusal), refusal);
  const id = "source-" + first.id;
  const button = may("lower") ? h("button", { type: "button", class: "button", "aria-label": words.testTitle(first.id), on: { click: () => test(first) } }, words.test) : null;
  const node = h("li", { class: "panel", "aria-labelledby": id },
    h("header", { class: "panel-head" }, h("h2", { id }, first.id), h("span", { class: "muted" }, word(words.kinds, first.kind)), h("div", { class: "panel-aside" }, quality.node)),
    h("div", { class: "panel-body" },
      h("div", {}, h("p", { class: "muted small" }, words.asks), h("div", { class: "row" }, asks, of), why),
      fallbackHolds.node,
      h("dl", { class: "facts" }, Object.values(facts).map((f) => f.node)),
      refused,
      button ? h("div", { class: "row divided" }, button) : null));
  return {
    node,
    update(s) {
      quality.set(Levels[s.quality] ?? "note", word(words.quality, s.quality));
      text(asks, askOf(s.asksW, s.asksMjPerTh));
      text(of, s.node && s.asksW !== null ? words.of(s.node) : "");
      say(why, s.why);
      const age = s.lastSpoke === null ? null : Math.max(s.ageMs ?? 0, hostNow() - Date.parse(s.lastSpoke));
      text(facts.heard.value, age === null ? words.never : words.ago(duration(age)) + " (" + when(s.lastSpoke) + ")");
      text(facts.fresh.value, s.freshS === null ? words.always : duration(s.freshS * 1000));
      const fallback = s.fallbackW === null && s.fallbackMjPerTh === null ? words.keeps : askOf(s.fallbackW, s.fallbackMjPerTh);
      text(facts.fallback.value, fallback);
      show(facts.fallback.node, s.freshS !== null);
      show(fallbackHolds.node, s.fallbackHolds);
      fallbackHolds.set("warn", words.fallbackHolds(fallback));
      text(facts.next.value, s.nextChange ? moment(s.nextChange) : NoValue);
      show(facts.next.node, s.nextChange !== null);
      text(facts.via.value, s.via ?? "");
      show(facts.via.node, s.via !== null);
      text(facts.mayRaise.value, s.mayRaise ? t().common.yes : t().common.no);
      text(facts.words.value, words.taken(number(s.taken), number(s.refused)));
      show(refused, s.lastRefusal !== "");
      say(refusal, s.lastRefusal);
    },
  };
}

// Asks the source what a message would do, and shows the answer in the same dialog.
function test(source: Source): void {
  const words = t().sources;
  const example = Examples[source.kind] ?? "";
  const body = h("textarea", { id: "test-body", rows: 4, spellcheck: "false", placeholder: example });
  const fault = h("p", { class: "fault", role: "alert" });
  const result = h("div", { role: "status", class: "stack tight" });
  const form = h("form", { class: "form", on: { submit: (event) => {
    event.preventDefault();
    void run();
  } } },
    h("p", {}, words.testText),
    h("div", { class: "field" }, h("label", { for: "test-body" }, words.testBody), body),
    fault, result,
    h("div", { class: "buttons" }, h("button", { type: "submit", class: "button primary" }, words.testRun)));

  async function run(): Promise<void> {
    text(fault, "");
    fill(result);
    const message = body.value.trim();
    let parsed: unknown;
    try {
      parsed = message ? JSON.parse(message) : undefined;
    } catch {
      text(fault, words.notJson + (example || '{"limitW":300}'));
      return;
    }
    const answer: Answer<SourceTest> = await call(at`api/sources/${source.id}/test`, { method: "POST", ...(parsed === undefined ? {} : { body: parsed }) });
    if (!answer.ok) {
      text(fault, sentenceOf(answer.problem));
      return;
    }
    const sentence = h("p");
    say(sentence, answer.value.sentence);
    const would = answer.value.wouldAskW !== null || answer.value.wouldAskMjPerTh !== null;
    fill(result, status(answer.value.good ? "good" : "warn", answer.value.good ? words.works : words.worksNot).node, sentence,
      would ? h("p", {}, words.wouldAsk(askOf(answer.value.wouldAskW, answer.value.wouldAskMjPerTh))) : null);
  }

  openDialog(words.testTitle(source.id), form);
}
