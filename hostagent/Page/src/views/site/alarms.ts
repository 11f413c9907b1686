import { panel } from "../../components/panel";
import { say } from "../../components/said";
import { status } from "../../components/status";
import { h, rows, show, text, type Row } from "../../core/dom";
import { moment, number, when } from "../../core/format";
import { t, word } from "../../core/i18n";
import { onWall } from "../../core/wall";
import type { Alarm } from "../../core/types";
import type { Part } from "../site";

// The newest; a wall has room for these.
const WallMost = 3;

/** Alarms that are up, and those that are over. */
export function alarms(): Part {
  const words = t().site;
  const none = h("p", {}, status("good", words.noAlarms).node);
  const up = h("ul", { class: "entries" });
  const more = h("p", { class: "muted" });
  const over = h("ul", { class: "entries" });
  const summary = h("summary", {});
  const past = h("details", {}, summary, over);
  const keyOf = (a: Alarm): string => a.code + a.sinceUtc + a.text;
  const make = (level: "bad" | "off") => (a: Alarm): Row<Alarm> => {
    const text = h("p");
    say(text, a.text);
    return {
      node: h("li", {}, h("div", { class: "row" }, status(level, word(t().host.alarmCodes, a.code)).node, h("time", { class: "muted", datetime: a.sinceUtc, title: moment(a.sinceUtc) }, words.since(when(a.sinceUtc)))), text),
      update: () => {},
    };
  };
  const updateUp = rows<Alarm>(up, keyOf, make("bad"));
  const updateOver = rows<Alarm>(over, keyOf, make("off"));
  return {
    node: panel(words.alarms, [none, up, more, past], { class: "site-alarms" }).node,
    update({ site }) {
      const active = site.alarms.filter((a) => a.active);
      const gone = site.alarms.filter((a) => !a.active);
      show(none, active.length === 0);
      show(up, active.length > 0);
      const shown = onWall() ? active.slice(0, WallMost) : active;
      updateUp(shown);
      show(more, active.length > shown.length);
      text(more, words.more(number(active.length - shown.length)));
      show(past, gone.length > 0);
      text(summary, words.pastAlarms(number(gone.length)));
      updateOver(gone);
    },
  };
}
