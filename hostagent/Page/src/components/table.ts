// A table of any length: only the rows in sight exist. The focus stays on the table and the active row is named by
// aria-activedescendant, so rows may come and go while one scrolls.
import { attr, h, text, toggle } from "../core/dom";
import { keepFocus } from "../core/focus";
import { icon } from "./icon";

export interface Column<T> {
  key: string;
  title: string;
  /** Width as CSS grid knows it, such as "8rem" or "minmax(8rem, 1fr)". */
  width: string;
  /** What the cell shows. A node is put in as it is; give the same one back to keep it. */
  cell(item: T, old: Node | null): Node | string;
  /** Right-aligned, tabular. */
  numeric?: boolean;
  /** Left out on narrow screens. */
  wide?: boolean;
  /** Makes the heading a button; the owner of the items sorts. */
  sortable?: boolean;
}

export interface Sort {
  key: string;
  down: boolean;
}

export interface TableOptions<T> {
  label: string;
  columns: Column<T>[];
  keyOf(item: T): string;
  /** px; all rows are alike. 40. */
  rowHeight?: number;
  /** CSS height of the scrolling part; "60vh". */
  height?: string;
  /** Enter, or a click. */
  onOpen?(item: T): void;
  sort?: Sort;
  onSort?(sort: Sort): void;
  /** Says which rows are in sight, with some spare: for items that come while one scrolls. */
  onWindow?(first: number, count: number): void;
  /** Marks a row, such as "warn". */
  level?(item: T): string;
  /** Shown instead of rows. */
  empty: string;
}

export interface Table<T> {
  node: HTMLElement;
  /** Shows items; undefined where one is still to come. */
  set(items: readonly (T | undefined)[], sort?: Sort): void;
  /** Scrolls to the first row. */
  top(): void;
  destroy(): void;
}

interface RowNode {
  node: HTMLElement;
  cells: HTMLElement[];
  index: number;
}

const Spare = 6;
const LongText = 12;
let count = 0;

export function table<T>(options: TableOptions<T>): Table<T> {
  const id = "table" + ++count;
  const height = options.rowHeight ?? 40;
  const narrow = matchMedia("(max-width: 720px)");
  const head = h("div", { role: "row", class: "t-row t-head", "aria-rowindex": 1 });
  const space = h("div", { role: "rowgroup", class: "t-space" });
  const empty = h("p", { class: "t-empty" }, options.empty);
  const grid = h("div", { id, role: "grid", class: "t-grid", tabindex: 0, "aria-label": options.label, "aria-readonly": "true" }, h("div", { role: "rowgroup", class: "t-top" }, head), space);
  const node = h("div", { class: "table" }, grid, empty);
  grid.style.maxHeight = options.height ?? "60vh";

  let columns: Column<T>[] = [];
  let items: readonly (T | undefined)[] = [];
  let sort = options.sort;
  let pool: RowNode[] = [];
  let active = 0;
  let due = 0;

  function build(): void {
    columns = options.columns.filter((c) => !(c.wide && narrow.matches));
    grid.style.setProperty("--columns", columns.map((c) => c.width).join(" "));
    attr(grid, "aria-colcount", columns.length);
    const focused = [...head.children].indexOf(document.activeElement?.closest("[role=columnheader]") ?? head);
    head.replaceChildren(...columns.map((c) => {
      const sorted = sort?.key === c.key;
      const title = c.sortable
        ? h("button", { type: "button", class: "t-sort", on: { click: () => options.onSort?.({ key: c.key, down: sorted ? !sort!.down : false }) } }, c.title, sorted ? icon(sort!.down ? "down" : "up") : null)
        : h("span", {}, c.title);
      return h("div", { role: "columnheader", class: c.numeric ? "t-cell num" : "t-cell", "aria-sort": sorted ? (sort!.down ? "descending" : "ascending") : c.sortable ? "none" : null }, title);
    }));
    if (focused >= 0) head.children[focused]?.querySelector("button")?.focus();
    for (const row of pool) row.node.remove();
    pool = [];
    draw();
  }

  function makeRow(): RowNode {
    const cells = columns.map((c, i) => h("div", { role: i === 0 ? "rowheader" : "gridcell", class: c.numeric ? "t-cell num v" : "t-cell v" }));
    const row: RowNode = { node: h("div", { role: "row", class: "t-row" }, cells), cells, index: -1 };
    row.node.style.height = height + "px";
    row.node.addEventListener("click", () => {
      if (row.index < 0) return;
      active = row.index;
      draw();
      const item = items[row.index];
      if (item) options.onOpen?.(item);
    });
    toggle(row.node, "t-open", options.onOpen !== undefined);
    space.append(row.node);
    return row;
  }

  // Scrolling by one row changes one row: it goes from one end to the other. The document has the rows in their order, for whoever reads it
  // and does not see it.
  function turn(first: number): void {
    const by = first - (pool[0]?.index ?? -1);
    if (pool[0]?.index === -1 || by === 0 || Math.abs(by) >= pool.length) return;
    const moved = by > 0 ? pool.splice(0, by) : pool.splice(by);
    if (by > 0) pool.push(...moved);
    else pool.unshift(...moved);
    const nodes = moved.map((row) => row.node);
    if (by > 0) space.append(...nodes);
    else space.prepend(...nodes);
  }

  function draw(): void {
    due = 0;
    const first = Math.max(0, Math.floor(grid.scrollTop / height) - Spare);
    const wanted = Math.min(items.length - first, Math.ceil((grid.clientHeight || 400) / height) + 2 * Spare);
    space.style.height = items.length * height + "px";
    while (pool.length < wanted) pool.push(makeRow());
    turn(first);
    pool.forEach((row, slot) => {
      const index = first + slot;
      const item = items[index];
      if (index >= first + wanted) {
        row.node.hidden = true;
        row.index = -1;
        return;
      }
      row.node.hidden = false;
      if (row.index !== index) {
        row.index = index;
        row.node.style.transform = `translateY(${index * height}px)`;
        attr(row.node, "id", id + "-r" + index);
        attr(row.node, "aria-rowindex", index + 2);
      }
      toggle(row.node, "t-wait", item === undefined);
      toggle(row.node, "t-active", index === active);
      attr(row.node, "aria-selected", index === active ? "true" : null);
      attr(row.node, "data-level", item === undefined ? null : options.level?.(item) ?? null);
      columns.forEach((column, c) => {
        const cell = row.cells[c]!;
        if (item === undefined) {
          text(cell, c === 0 ? "…" : "");
          return;
        }
        const old = cell.firstChild instanceof Element ? cell.firstChild : null;
        const made = column.cell(item, old);
        if (typeof made === "string") {
          text(cell, made);
          // A cell cuts what has no room.
          attr(cell, "title", made.length > LongText ? made : null);
        } else if (made !== cell.firstChild) cell.replaceChildren(made);
      });
    });
    attr(grid, "aria-activedescendant", items.length > 0 && pool.some((r) => r.index === active) ? id + "-r" + active : null);
    options.onWindow?.(first, Math.max(0, wanted));
  }

  const later = (): void => {
    due ||= requestAnimationFrame(draw);
  };

  // The heading stays and covers the top.
  const seen = (): number => grid.clientHeight - head.offsetHeight;

  function move(to: number): void {
    active = Math.max(0, Math.min(items.length - 1, to));
    const top = active * height;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + height > grid.scrollTop + seen()) grid.scrollTop = top + height - seen();
    draw();
  }

  grid.addEventListener("keydown", (event) => {
    if (event.target !== grid || event.ctrlKey || event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(seen() / height) - 1);
    const to: Record<string, number> = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: items.length - 1 };
    const next = to[event.key];
    const item = items[active];
    if (next !== undefined) move(next);
    else if (event.key === "Enter" && item) options.onOpen?.(item);
    else return;
    event.preventDefault();
  });
  grid.addEventListener("scroll", later, { passive: true });
  const resize = new ResizeObserver(later);
  resize.observe(grid);
  narrow.addEventListener("change", build);
  build();
  return {
    node,
    set(next, nextSort) {
      const kept = items[active] ? options.keyOf(items[active]!) : null;
      const resorted = nextSort && (nextSort.key !== sort?.key || nextSort.down !== sort?.down);
      items = next;
      // The active row follows its item if it is still near; a search through all rows each second would cost more than it gives.
      if (kept !== null && items[active] && options.keyOf(items[active]!) !== kept) {
        const from = Math.max(0, active - 50);
        const near = items.slice(from, active + 50).findIndex((i) => i !== undefined && options.keyOf(i) === kept);
        if (near >= 0) active = from + near;
      }
      active = Math.max(0, Math.min(items.length - 1, active));
      attr(grid, "aria-rowcount", items.length + 1);
      keepFocus(node, () => {
        empty.hidden = items.length > 0;
        grid.hidden = items.length === 0;
      });
      if (resorted) {
        sort = nextSort;
        build();
      } else draw();
    },
    top() {
      active = 0;
      grid.scrollTop = 0;
      draw();
    },
    destroy() {
      resize.disconnect();
      narrow.removeEventListener("change", build);
      cancelAnimationFrame(due);
    },
  };
}
