// Addresses of views: #/site, #/boards?mode=running, #/boards/p1/b01. In the fragment, so that the page works below any proxy's path.
import { fill, type Child } from "./dom";
import type { Dictionary } from "./i18n";
import { live, type LivePicture } from "./live";
import type { Right } from "./types";

/** What a view gets when it is shown. Everything that it starts here ends when it is left. */
export interface ViewContext {
  /** Values of `:name` parts. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** Aborted when the view is left: give it to requests. */
  signal: AbortSignal;
  /** Calls with each picture of the site, at once with the last. */
  onLive(act: (picture: LivePicture) => void): void;
  /** Calls now and every so many ms, while the page is visible. */
  every(ms: number, act: () => void): void;
  /** Runs when the view is left. */
  onLeave(act: () => void): void;
  /** Replaces the query in the address without showing the view anew. Empty values are left out. */
  setQuery(values: Record<string, string>): void;
}

export interface View {
  /** Path such as "boards" or "boards/:pod/:board". */
  path: string;
  /** Title of the document and of the page's heading. */
  title(t: Dictionary, params: Record<string, string>): string;
  /** Entry in the navigation: its place, its icon, and the key that goes there (g, then this key). */
  nav?: { order: number; icon: string; key: string; needs?: Right };
  /** Draws into `root`, which is empty. */
  show(root: HTMLElement, context: ViewContext): void;
}

/** A fragment as path and query. */
export function parseHash(hash: string): { path: string[]; query: URLSearchParams } {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  return { path: path.split("/").filter((p) => p.length > 0).map(decode), query: new URLSearchParams(query) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Values of the pattern's `:name` parts, or null if the path is another one. */
export function match(pattern: string, path: readonly string[]): Record<string, string> | null {
  const parts = pattern.split("/");
  if (parts.length !== path.length) return null;
  const params: Record<string, string> = {};
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (part.startsWith(":")) params[part.slice(1)] = path[i]!;
    else if (part !== path[i]) return null;
  }
  return params;
}

/** Address of a view: link("boards/:pod/:board", {pod, board}). */
export function address(pattern: string, params: Record<string, string> = {}, query: Record<string, string> = {}): string {
  const path = pattern.split("/").map((p) => (p.startsWith(":") ? encodeURIComponent(params[p.slice(1)] ?? "") : p)).join("/");
  const search = new URLSearchParams(Object.entries(query).filter(([, v]) => v !== "")).toString();
  return "#/" + path + (search ? "?" + search : "");
}

/** Goes there. */
export function go(pattern: string, params: Record<string, string> = {}, query: Record<string, string> = {}): void {
  location.hash = address(pattern, params, query);
}

/** Shows a view; gives back what leaves it. */
export function enter(view: View, params: Record<string, string>, query: URLSearchParams, root: HTMLElement): () => void {
  const end = new AbortController();
  const leaving: (() => void)[] = [];
  fill(root, [] as Child[]);
  view.show(root, {
    params,
    query,
    signal: end.signal,
    onLive: (act) => leaving.push(live.watch((picture) => picture && act(picture))),
    every: (ms, act) => {
      const timer = setInterval(() => document.hidden || act(), ms);
      leaving.push(() => clearInterval(timer));
      act();
    },
    onLeave: (act) => leaving.push(act),
    setQuery: (values) => {
      const { path } = parseHash(location.hash);
      history.replaceState(null, "", address(path.map(encodeURIComponent).join("/"), {}, values));
    },
  });
  return () => {
    end.abort();
    for (const act of leaving) act();
  };
}
