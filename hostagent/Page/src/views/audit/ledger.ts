import { fact, panel } from "../../components/panel";
import { say } from "../../components/said";
import { status } from "../../components/status";
import { sentenceOf } from "../../components/toast";
import { get, post } from "../../core/api";
import { attr, fill, h, show, text } from "../../core/dom";
import { duration, moment, number } from "../../core/format";
import { t } from "../../core/i18n";
import type { ViewContext } from "../../core/router";
import { may } from "../../core/session";
import type { Ledger, Proof } from "../../core/types";
import { headParts } from "./head";

/** Head and key of the ledger, its proof, its exports. */
export function ledger(context: ViewContext): HTMLElement {
  const words = t().audit;
  const segment = fact(words.segment);
  const record = fact(words.record);
  const hash = h("code", { class: "v" });
  const key = h("code", {});
  const state = status();
  const finding = h("p", { class: "fault" });
  const proof = h("div", { class: "stack" });
  const busy = h("span", { role: "status" });
  const prove = h("button", { type: "button", class: "button", on: { click: () => void run() } }, words.prove);
  const exports = h("p", { class: "buttons" }, h("a", { class: "button", href: "api/ledger/export?format=csv", download: "" }, words.csv), h("a", { class: "button", href: "api/ledger/export?format=json", download: "" }, words.json));
  const whole = h("div", { class: "stack" },
    h("p", { class: "muted" }, words.intro),
    h("dl", { class: "facts" }, segment.node, record.node, h("div", { class: "fact fact-wide" }, h("dt", {}, words.hash), h("dd", {}, hash))),
    h("div", {}, h("h3", {}, words.key), h("p", {}, key), h("p", { class: "muted small" }, words.compare)),
    finding,
    h("div", { class: "stack divided" }, h("h3", {}, words.proof), proof,
      h("p", { class: "muted small" }, words.elsewhere, h("code", {}, "ballast audit verify")),
      may("operate") ? h("div", { class: "row" }, busy, prove) : null),
    may("operate") ? h("div", { class: "stack divided" }, h("h3", {}, words.exports), exports) : null);
  const none = h("p", {}, words.none);
  show(none, false);
  const node = panel(words.ledger, [whole, none], { aside: state.node }).node;

  async function load(): Promise<void> {
    const answer = await get<Ledger>("api/ledger", context.signal);
    if (answer.ok) {
      text(key, answer.value.keySha256);
      state.set(answer.value.problem ? "bad" : "good", answer.value.problem ? words.cannot : words.writable);
      attr(state.node, "title", answer.value.problem);
      text(finding, answer.value.openFinding ? words.finding + ": " + answer.value.openFinding : "");
    } else if (answer.problem.status === 404) {
      show(whole, false);
      show(none, true);
    }
  }

  async function last(): Promise<void> {
    const answer = await get<Proof>("api/ledger/proof", context.signal);
    if (answer.ok) showProof(answer.value);
    else if (answer.problem.status === 404) fill(proof, status("off", words.notProven).node);
  }

  async function run(): Promise<void> {
    if (prove.hasAttribute("aria-disabled")) return;
    // Not `disabled`: the focus is on it.
    attr(prove, "aria-disabled", "true");
    text(busy, words.proving);
    const answer = await post<Proof>("api/ledger/proof", undefined, { timeoutMs: 600_000, signal: context.signal });
    attr(prove, "aria-disabled", null);
    text(busy, "");
    if (answer.ok) showProof(answer.value);
    else fill(proof, h("p", { class: "fault", role: "alert" }, sentenceOf(answer.problem)));
  }

  function showProof(found: Proof): void {
    const list = (title: string, sentences: string[]): HTMLElement | null =>
      sentences.length === 0 ? null : h("div", {}, h("p", { class: "muted small" }, title), h("ul", { class: "bullets" }, sentences.map((s) => {
        const item = h("li");
        say(item, s);
        return item;
      })));
    fill(proof,
      h("div", { class: "row" }, status(found.good ? "good" : "bad", found.good ? words.good : words.bad).node, h("span", { class: "muted" }, words.provenAt(moment(found.at), duration(found.tookMs)))),
      found.fault ? h("p", { class: "fault" }, found.fault) : null,
      list(words.proven, found.proven), list(words.unproven, found.unproven));
  }

  context.every(30_000, () => void load());
  void last();
  context.onLive((picture) => {
    const parts = headParts(picture.ledger);
    text(segment.value, parts.segment);
    text(record.value, number(Number(parts.number)));
    text(hash, parts.hash);
  });
  return node;
}
