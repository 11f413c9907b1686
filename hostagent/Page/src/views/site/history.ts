// Columns of the power chart: what the host kept, then each second's picture. Pure, so that it can be tested.
import type { History, Site } from "../../core/types";

/** x, metered, boards' sum (where no fresh meter spoke), ordered, cap: in the order in which lines are drawn, the cap on top. */
export type Columns = [number[], (number | null)[], (number | null)[], (number | null)[], (number | null)[]];

/** The longest hole that a line is drawn over, in intervals. */
const Holes = 3;

const empty = (): Columns => [[], [], [], [], []];

function push(columns: Columns, at: number, cap: number | null, ordered: number | null, watts: number | null, metered: boolean): void {
  columns[0].push(at);
  columns[1].push(metered ? watts : null);
  columns[2].push(metered ? null : watts);
  columns[3].push(ordered);
  columns[4].push(cap);
}

function gap(columns: Columns, at: number, everyS: number): void {
  const last = columns[0].at(-1);
  if (last !== undefined && at - last > Holes * everyS) push(columns, last + everyS, null, null, null, true);
}

/** What the host kept, with holes where it did not run. */
export function columnsOf(history: History): Columns {
  const columns = empty();
  history.at.forEach((at, i) => {
    gap(columns, at, history.everyS);
    push(columns, at, history.capW[i] ?? null, history.orderedW[i] ?? null, history.meteredW[i] ?? null, history.metered[i] === true);
  });
  return columns;
}

/** Adds a picture's second, and drops what is older than the range. A second that is there already changes nothing. */
export function append(columns: Columns, site: Site, rangeS: number, everyS: number): void {
  const at = Math.floor(Date.parse(site.now) / 1000);
  const last = columns[0].at(-1);
  // A clock that was set back begins anew, as the host's history does.
  if (last !== undefined && at < last - everyS) for (const column of columns) column.length = 0;
  else if (last !== undefined && at - last < everyS) return;
  gap(columns, at, everyS);
  push(columns, at, site.capW, site.orderedW, site.meterW, site.meterQuality === "metered");
  let old = 0;
  while (old < columns[0].length && columns[0][old]! <= at - rangeS) old++;
  if (old > 0) for (const column of columns) column.splice(0, old);
}

/** Lowest and highest load shown. */
export function span(columns: Columns): { low: number; high: number } | null {
  let low = Infinity;
  let high = -Infinity;
  for (const column of [columns[1], columns[2]]) {
    for (const value of column) {
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low <= high ? { low, high } : null;
}
