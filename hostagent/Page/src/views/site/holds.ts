import { ask } from "../../components/dialog";
import { panel } from "../../components/panel";
import { say } from "../../components/said";
import { status } from "../../components/status";
import { toast, toastProblem } from "../../components/toast";
import { post } from "../../core/api";
import { attr, h, rows, show, text } from "../../core/dom";
import { moment, number, power, shortId } from "../../core/format";
import { t } from "../../core/i18n";
import { live } from "../../core/live";
import { address } from "../../core/router";
import { may } from "../../core/session";
import { onWall } from "../../core/wall";
import type { Limit } from "../../core/types";
import { nodeText } from "../events/words";
import type { Part } from "../site";

// Other limits that have room; the rest is counted.
const Most = 8;
const WallMost = 3;

const Open = ["active", "restoring", "scheduled"];

/** The cap of the site, what makes it, what else waits below it, and the operator's hold. */
export function holds(): Part {
  const words = t().site;
  const cap = h("span", { class: "big v" });
  const kind = status();
  const why = h("p", { class: "v" });
  const until = h("span", {});
  const open = h("a", { class: "button" }, words.openEvent);
  const event = h("p", { class: "row" }, h("span", {}, words.until + ": ", until), open);
  const unreachable = status("warn");
  const others = h("ul", { class: "lines" });
  const more = h("p", { class: "muted" });
  const othersPart = h("div", {}, h("h3", {}, words.others), others, more);
  const updateOthers = rows<Limit>(others, (l) => l.eventId, (l) => {
    const watts = h("strong", { class: "v" });
    const about = h("span", { class: "muted" });
    return {
      node: h("li", { class: "row" }, watts, h("a", { href: address("events/:id", { id: l.eventId }), title: l.id }, shortId(l.id)), about),
      update: (limit) => {
        text(watts, power(limit.limitW));
        text(about, (limit.test ? words.test + " · " : "") + [nodeText(limit.node), t().common.classes[limit.class], t().common.eventStates[limit.state as keyof ReturnType<typeof t>["common"]["eventStates"]] ?? limit.state].join(" · "));
      },
    };
  });
  const hold = status();
  const button = h("button", { type: "button", class: "button", on: { click: () => void change() } });
  const body = h("div", { class: "stack" }, h("p", { class: "row" }, cap, kind.node, unreachable.node), why, event, othersPart,
    h("div", { class: "row divided" }, hold.node, button));

  async function change(): Promise<void> {
    const held = live.value?.site.held ?? false;
    const reason = await ask({
      title: held ? words.liftHold : words.setHold,
      body: h("p", {}, held ? words.liftText(power(live.value?.site.raiseW ?? 0)) : words.holdText),
      confirm: held ? words.liftHold : words.setHold,
      reason: words.reason,
    });
    if (reason === null) return;
    const answer = await post("api/hold", { on: !held, reason });
    if (answer.ok) toast("good", held ? words.holdLifted : words.holdSet);
    else toastProblem(answer.problem);
  }

  return {
    node: panel(words.holds, body, { class: "site-holds" }).node,
    update({ site }) {
      text(cap, site.capW === null ? words.noCap : power(site.capW));
      show(kind.node, site.capW !== null);
      kind.set(site.emergency ? "bad" : "note", t().common.classes[site.capClass ?? "economic"]);
      say(why, site.capWhy);
      show(unreachable.node, site.unreachable);
      unreachable.set("warn", words.unreachable(power(site.floorW)));
      const open_ = site.limits.filter((l) => Open.includes(l.state));
      const binds = open_.find((l) => l.state === "active" && l.node === "site" && l.limitW === site.capW && site.capWhy.includes("limit " + l.id + " of " + l.source));
      show(event, binds !== undefined);
      if (binds) {
        text(until, binds.end ? moment(binds.end) : words.openEnd);
        attr(open, "href", address("events/:id", { id: binds.eventId }));
      }
      const rest = open_.filter((l) => l !== binds);
      const shown = rest.slice(0, onWall() ? WallMost : Most);
      show(othersPart, rest.length > 0);
      updateOthers(shown);
      show(more, rest.length > shown.length);
      text(more, words.more(number(rest.length - shown.length)));
      hold.set(site.held ? "warn" : "off", site.held ? words.held : words.notHeld);
      show(button, may("operate") && (!site.held || may("raise")));
      text(button, (site.held ? words.liftHold : words.setHold) + " …");
    },
  };
}
