// Line icons, drawn for this page; always beside a text or a label.
import { svg } from "../core/dom";

const Paths: Record<string, string> = {
  site: "M3 20h18M5 20V9l7-5 7 5v11M10 20v-6h4v6",
  boards: "M4 5h16v14H4zM4 12h16M9 5v14M15 5v14",
  events: "M3 12h4l3-7 4 14 3-7h4",
  order: "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
  sources: "M12 20v-7M7.5 9.5a6 6 0 0 1 9 0M4.5 6.5a10 10 0 0 1 15 0M12 12.5a.5.5 0 1 0 0 1a.5.5 0 0 0 0-1",
  audit: "M7 3h8l4 4v14H7zM15 3v4h4M10 12h6M10 16h6",
  help: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.5M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18z",
  theme: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
  language: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  user: "M12 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM4 20c1-4 5-5 8-5s7 1 8 5",
  close: "M5 5l14 14M19 5L5 19",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
  right: "M9 6l6 6-6 6",
};

export function icon(name: string): Node {
  return svg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, svg("path", { d: Paths[name] ?? "" }));
}
