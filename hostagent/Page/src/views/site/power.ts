import { chart } from "../../components/chart";
import { panel } from "../../components/panel";
import { segments } from "../../components/segments";
import { get } from "../../core/api";
import { power } from "../../core/format";
import { t } from "../../core/i18n";
import { connections, live } from "../../core/live";
import { recall, remember } from "../../core/memory";
import type { ViewContext } from "../../core/router";
import type { History } from "../../core/types";
import type { Part } from "../site";
import { append, columnsOf, span, type Columns } from "./history";

const Ranges = ["900", "3600", "86400"] as const;
type Range = (typeof Ranges)[number];

/** Cap, ordered and metered watts over time. */
export function powerChart(context: ViewContext): Part {
  const words = t().site;
  const kept = recall("range");
  let range: Range = Ranges.find((r) => r === kept) ?? "900";
  let columns: Columns | null = null;
  let everyS = 1;
  const plot = chart({
    title: words.power,
    format: (watts) => power(watts),
    tall: true,
    lines: [
      { label: words.metered, colour: "metered", fill: "metered-fill" },
      { label: words.estimated, colour: "text-muted", dash: [2, 4], sparse: true },
      { label: words.ordered, colour: "ordered", stepped: true },
      { label: words.cap, colour: "cap", dash: [8, 5], stepped: true, loose: true },
    ],
  });
  context.onLeave(() => plot.destroy());

  async function load(): Promise<void> {
    const wanted = range;
    const answer = await get<History>("api/history?seconds=" + wanted, context.signal);
    if (!answer.ok || wanted !== range) return;
    columns = columnsOf(answer.value);
    everyS = answer.value.everyS;
    draw();
  }

  function draw(): void {
    const site = live.value?.site;
    if (!columns || !site) return;
    const shown = span(columns);
    const like = Math.max(site.meterW, site.orderedW);
    plot.set(columns, shown ? words.summary(power(site.meterW, like), power(site.orderedW, like), site.capW === null ? words.noCap : power(site.capW), power(shown.low, like), power(shown.high, like)) : words.noHistory);
  }

  // After a break the host has the seconds that this page missed.
  context.onLeave(connections.watch(() => void load()));
  context.every(60_000, () => everyS > 1 && void load());
  const choose = segments(words.range, Ranges.map((r) => ({ value: r, label: words.ranges[r] })), range, (next) => {
    range = next;
    remember("range", next);
    void load();
  });
  return {
    node: panel(words.power, plot.node, { class: "site-power", aside: choose }).node,
    update({ site }) {
      if (!columns) return;
      append(columns, site, Number(range), everyS);
      draw();
    },
  };
}
