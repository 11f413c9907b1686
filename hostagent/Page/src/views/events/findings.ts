// What keeps an event from being called kept, or limits what its record proves: in words, with when and which boards as far as the record
// knows them. The host sends a code and a sentence of its own; a code that this page does not know is shown by that sentence.
import { said } from "../../components/said";
import { status, type Level } from "../../components/status";
import { h, type Child } from "../../core/dom";
import { duration, number, power, when } from "../../core/format";
import { t } from "../../core/i18n";
import { boardLink } from "../boards/list";
import type { EventRecord, Finding, Series } from "./types";

const Levels: Record<string, Level> = { over: "bad", boards: "bad", "no-sample": "warn", unwatched: "warn", unjudged: "note" };

// Boards in these standings were to shed and did not, or drew more again.
const Failed = ["drifted", "suspect", "ordered", "acked"];
const MostNamed = 8;

/** Times that the series knows, ms since 1970; null where it has none. */
export interface SeriesTimes {
  last: number | null;
  firstOver: number | null;
  lastOver: number | null;
}

/** The times that findings name. */
export function timesOf(series: Series | null): SeriesTimes {
  const samples = series?.samples ?? [];
  const at = (sample: { atS: number } | undefined): number | null => (sample ? Date.parse(series!.accepted) + sample.atS * 1000 : null);
  const over = samples.filter((s) => s.over);
  return { last: at(samples.at(-1)), firstOver: at(over[0]), lastOver: at(over.at(-1)) };
}

/** A list of what was found, or nothing. */
export function findingsOf(e: EventRecord, times: SeriesTimes): Child {
  const findings = e.findings ?? [];
  return findings.length > 0 && [
    h("h3", {}, t().event.findings),
    h("ul", { class: "findings" }, findings.map((f) => h("li", { "data-code": f.code }, ...wordsOf(f, e, times))))];
}

function wordsOf(finding: Finding, e: EventRecord, times: SeriesTimes): Child[] {
  const words = t().event;
  const title = words.findingTitles[finding.code];
  const badge = status(Levels[finding.code] ?? "note", title ?? words.findingOther).node;
  const c = e.compliance;
  switch (finding.code) {
    case "over":
      return [badge, h("p", {}, words.foundOver(number(c.overS), number(c.judgedS), power(c.worstOverW)), times.firstOver === null ? "" : " " + words.foundBetween(when(times.firstOver), when(times.lastOver)))];
    case "boards":
      return [badge, h("p", {}, words.foundBoards, " ", ...boardsOf(e))];
    case "no-sample":
      return [badge, h("p", {}, words.foundNoSample, " ", times.last === null ? words.foundNoSeries : words.foundLastSample(when(times.last)))];
    case "unwatched": {
      const restarts = e.history.filter((n) => n.text === "host restarted").map((n) => when(n.at));
      return [badge, h("p", {}, words.foundUnwatched(duration(c.unwatchedS * 1000)), restarts.length > 0 ? " " + words.foundRestarts(restarts.join(", ")) : "")];
    }
    case "unjudged":
      return [badge, h("p", {}, words.foundUnjudged(duration(c.unmeteredS * 1000)))];
    default:
      return [badge, h("p", {}, said(finding.text))];
  }
}

function boardsOf(e: EventRecord): Child[] {
  const words = t().event;
  const named = e.exceptions.filter((b) => Failed.includes(b.state));
  if (named.length === 0) return [words.foundNoNames];
  const rest = Math.max(0, named.length - MostNamed) + e.moreExceptions;
  return [...named.slice(0, MostNamed).flatMap((b, i): Child[] => [i > 0 ? ", " : "", boardLink(b.board)]), rest > 0 ? " " + words.foundMore(number(rest)) : "", "."];
}
