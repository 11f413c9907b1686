// Rows of a long list as they come into sight: fetched in pages, the oldest forgotten, requests that nobody waits for any more aborted.
// Knows nothing of the screen, so that it can be tested without one.

export const PageSize = 200;

const MaxPages = 12;

export interface PageOf<T> {
  matched: number;
  rows: T[];
}

/** Gets one page; null if it did not come. */
export type FetchPage<T, P extends PageOf<T>> = (skip: number, take: number, signal: AbortSignal) => Promise<P | null>;

export interface Windows<T> {
  /** Says which rows are in sight; fetches what is missing or, with `again`, all of it anew. */
  look(first: number, count: number, again?: boolean): void;
  /** Forgets everything: other filters or another order. Rows stay until the first page of the new ones is there. */
  restart(): void;
  /** As long as the list; undefined where a row is not here yet. */
  readonly rows: readonly (T | undefined)[];
  end(): void;
}

export function windows<T, P extends PageOf<T>>(fetchPage: FetchPage<T, P>, changed: (page: P) => void): Windows<T> {
  let rows: (T | undefined)[] = [];
  let fresh = true;
  let pages: number[] = [];
  const under = new Map<number, AbortController>();

  function forget(page: number): void {
    for (let i = page * PageSize; i < Math.min(rows.length, (page + 1) * PageSize); i++) rows[i] = undefined;
  }

  async function load(page: number): Promise<void> {
    const end = new AbortController();
    under.set(page, end);
    const answer = await fetchPage(page * PageSize, PageSize, end.signal);
    if (under.get(page) !== end) return;
    under.delete(page);
    if (!answer) return;
    if (fresh) {
      rows = [];
      pages = [];
      fresh = false;
    }
    rows.length = answer.matched;
    answer.rows.forEach((row, i) => (rows[page * PageSize + i] = row));
    pages = [page, ...pages.filter((p) => p !== page)];
    for (const old of pages.splice(MaxPages)) forget(old);
    // Another array object, so that whoever draws sees that there is news.
    rows = rows.slice();
    changed(answer);
  }

  function abort(but: ReadonlySet<number>): void {
    for (const [page, request] of under) {
      if (but.has(page)) continue;
      under.delete(page);
      request.abort();
    }
  }

  return {
    get rows() {
      return rows;
    },
    look(first, count, again = false) {
      const wanted = new Set<number>();
      for (let page = Math.floor(Math.max(0, first) / PageSize); page <= Math.floor(Math.max(0, first + count - 1) / PageSize); page++) wanted.add(page);
      abort(wanted);
      for (const page of wanted) if (!under.has(page) && (again || fresh || !pages.includes(page))) void load(page);
    },
    restart() {
      abort(new Set());
      fresh = true;
    },
    end: () => abort(new Set()),
  };
}
