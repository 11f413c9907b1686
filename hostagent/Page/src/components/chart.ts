// Lines over time on uPlot, with what a picture cannot say to everybody: a summary in words and the same values as a table.
import uPlot from "uplot";
import { attr, fill, h, show, text } from "../core/dom";
import { clock } from "../core/format";
import { lang, t } from "../core/i18n";
import { colour, colours } from "../core/theme";
import { onWall } from "../core/wall";

export interface ChartLine {
  label: string;
  /** Name of a colour in the style sheet, without dashes. */
  colour: string;
  /** Dashes, so that lines differ by more than colour. */
  dash?: number[];
  /** True draws steps: a value holds until the next. */
  stepped?: boolean;
  /** Name of a colour that fills down to zero. */
  fill?: string;
  width?: number;
  /** True does not stretch the vertical axis for a value far above the others: it is out of the picture, and in the legend. */
  loose?: boolean;
  /** True leaves the line out of the legend while it has no value. */
  sparse?: boolean;
}

export interface ChartOptions {
  /** Names the picture. */
  title: string;
  lines: ChartLine[];
  /** A value of the vertical axis as text. */
  format(value: number): string;
  /** px; the width is the container's. */
  height?: number;
  /** True makes it a view's main picture: higher, and on a wall as high as there is room. */
  tall?: boolean;
  /** Horizontal axis: times (default) or seconds since a start. */
  x?: "time" | "seconds";
}

/** Columns: x (seconds since 1970, or since the start), then one per line; null is a gap. */
export type ChartData = (number | null)[][];

export interface Chart {
  node: HTMLElement;
  /** Shows data; `summary` says in a sentence what they show. */
  set(data: ChartData, summary: string): void;
  destroy(): void;
}

const TableRows = 30;
const TableEveryMs = 15_000;

// Parts of a second, and of a minute where only minutes are shown, would be labelled alike.
const WholeSeconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];

// Pictures grow with the text.
const em = (): number => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

export function chart(options: ChartOptions): Chart {
  const canvas = h("div", { class: "chart-canvas", role: "img" });
  const legend = h("ul", { class: "legend" });
  const caption = h("figcaption", { class: "chart-summary" });
  const table = h("div", { class: "chart-table", tabindex: 0, role: "group", "aria-label": options.title });
  const details = h("details", {}, h("summary", {}, t().common.asTable), table);
  const node = h("figure", { class: options.tall ? "chart tall" : "chart" }, legend, canvas, caption, details);
  let plot: uPlot | null = null;
  let tableAt = 0;
  let data: ChartData = [[], ...options.lines.map(() => [])];
  const xText = (value: number): string => (options.x === "seconds" ? Math.round(value) + " " + t().common.units.s : clock(value * 1000));
  const values = options.lines.map((line) => {
    const value = h("span", { class: "legend-value v" });
    const entry = h("li", {}, swatch(line), h("span", {}, line.label), value);
    legend.append(entry);
    return { value, entry };
  });
  const heightNow = (): number => (onWall() && options.tall && canvas.clientHeight > 0 ? canvas.clientHeight : options.height ?? (options.tall ? 300 : 220) * em());

  // A value far above the others would press them flat.
  function top(): number {
    const most = (loose: boolean): number => options.lines.reduce((m, line, i) => (!line.loose === !loose ? (data[i + 1] ?? []).reduce<number>((a, v) => Math.max(a, v ?? 0), m) : m), 0);
    const firm = most(false);
    const loose = most(true);
    const high = firm > 0 && loose > 1.5 * firm ? firm : Math.max(firm, loose);
    return high > 0 ? high * 1.1 : 1;
  }

  function draw(): void {
    plot?.destroy();
    const width = Math.max(200, canvas.clientWidth);
    const size = Math.round(12 * em());
    const axis = { stroke: colour("text-muted"), grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line"), width: 1, size: 4 }, font: size + "px " + colour("font") };
    plot = new uPlot(
      {
        width,
        height: heightNow(),
        legend: { show: false },
        // Half of the last label stands beyond the axis.
        padding: [null, 30 * em(), null, null],
        cursor: { drag: { x: false, y: false }, points: { size: 7 } },
        scales: { x: { time: options.x !== "seconds" }, y: { range: () => [0, top()] } },
        axes: [
          { ...axis, space: 80 * em(), size: 32 * em(), incrs: WholeSeconds, values: (_, splits) => splits.map((s) => (options.x === "seconds" ? xText(s) : clock(s * 1000).slice(0, splits.every((at) => at % 60 === 0) ? 5 : 8))) },
          { ...axis, space: 36 * em(), size: 64 * em(), values: (_, splits) => splits.map((s) => options.format(s)) },
        ],
        series: [
          {},
          ...options.lines.map((line) => {
            const series: uPlot.Series = { label: line.label, stroke: colour(line.colour), width: (line.width ?? 2) * em(), points: { show: false }, spanGaps: false };
            if (line.dash) series.dash = line.dash.map((d) => d * em());
            if (line.fill) series.fill = colour(line.fill);
            if (line.stepped) series.paths = uPlot.paths.stepped!({ align: 1 });
            return series;
          }),
        ],
        hooks: { setCursor: [(u) => showValues(u.cursor.idx ?? null)] },
      },
      data as uPlot.AlignedData,
      canvas,
    );
    showValues(null);
  }

  function showValues(index: number | null): void {
    const at = index ?? (data[0]?.length ?? 0) - 1;
    values.forEach(({ value: node, entry }, i) => {
      const value = at >= 0 ? data[i + 1]?.[at] : null;
      if (options.lines[i]!.sparse) show(entry, (data[i + 1] ?? []).some((v) => v !== null));
      text(node, value === null || value === undefined ? "" : options.format(value));
    });
  }

  // Anew only now and then, and not under a reader.
  function keepTable(): void {
    const now = performance.now();
    if (details.open && now - tableAt >= TableEveryMs && !table.contains(document.activeElement)) showTable();
  }

  function showTable(): void {
    if (!details.open) return;
    tableAt = performance.now();
    const x = data[0] ?? [];
    const step = Math.max(1, Math.ceil(x.length / TableRows));
    const picked = x.map((_, i) => i).filter((i) => (x.length - 1 - i) % step === 0).reverse();
    fill(table, h("table", { class: "plain" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t().common.time), options.lines.map((l) => h("th", { scope: "col", class: "num" }, l.label)))),
      h("tbody", {}, picked.map((i) => h("tr", {}, h("th", { scope: "row" }, xText(x[i]!)),
        options.lines.map((_, c) => {
          const value = data[c + 1]?.[i];
          return h("td", { class: "num" }, value === null || value === undefined ? "–" : options.format(value));
        }))))));
  }

  details.addEventListener("toggle", showTable);
  const resize = new ResizeObserver(() => {
    const width = canvas.clientWidth;
    const height = heightNow();
    if (plot && width > 0 && (Math.abs(width - plot.width) > 1 || Math.abs(height - plot.height) > 1)) plot.setSize({ width, height });
    else if (!plot && width > 0) draw();
  });
  resize.observe(canvas);
  let drawnFor = lang.value;
  const unwatch = colours.watch(() => plot && draw());
  return {
    node,
    set(next, summary) {
      data = next;
      attr(canvas, "aria-label", options.title + ". " + summary);
      text(caption, summary);
      if (plot && drawnFor === lang.value) plot.setData(data as uPlot.AlignedData);
      else if (canvas.clientWidth > 0) draw();
      drawnFor = lang.value;
      showValues(plot?.cursor.idx ?? null);
      keepTable();
    },
    destroy() {
      unwatch();
      resize.disconnect();
      plot?.destroy();
    },
  };
}

// A short line as it is drawn.
function swatch(line: ChartLine): HTMLElement {
  return h("span", { class: "swatch" + (line.dash ? " dashed" : ""), "data-colour": line.colour, "aria-hidden": "true" });
}
