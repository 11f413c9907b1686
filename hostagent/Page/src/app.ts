// Puts the page together: who asks, which view, which language; draws the frame anew when one of these changes.
import { fill, show, text, toggle, h } from "./core/dom";
import { lang, t, word } from "./core/i18n";
import { link, live, startLive, stopLive } from "./core/live";
import { watchForNewer } from "./core/newer";
import { enter, match, parseHash, type View } from "./core/router";
import { loadMe, may, me, startSession } from "./core/session";
import { startShortcuts } from "./core/shortcuts";
import { startTheme } from "./core/theme";
import type { Me } from "./core/types";
import { toast } from "./components/toast";
import { makeFrame, type Frame } from "./frame";
import { login } from "./views/login";
import { views } from "./views/index";

const start = "site";
let frame: Frame | null = null;
let leave: (() => void) | null = null;

function find(): { view: View; params: Record<string, string>; query: URLSearchParams } {
  const { path, query } = parseHash(location.hash);
  if (me.value && !may("read")) return { view: login, params: {}, query };
  for (const view of views) {
    const params = match(view.path, path);
    if (params) return { view, params, query };
  }
  return { view: views.find((v) => v.path === start)!, params: {}, query };
}

function draw(moved: boolean): void {
  leaveView();
  const { view, params, query } = find();
  toggle(document.documentElement, "wall", query.has("wall") || new URLSearchParams(location.search).has("wall"));
  frame ??= makeFrame();
  frame.select(view);
  const title = view.title(t(), params);
  text(frame.heading, title);
  document.title = title + " · " + (live.value?.site.site ?? "Ballast");
  leave = enter(view, params, query, frame.content);
  if (moved) {
    // Whoever cannot see that the view changed hears its heading.
    frame.heading.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

// What a dialog asks is about what is shown: it goes with it, unanswered.
function leaveView(): void {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  leave?.();
  leave = null;
}

function redraw(): void {
  leaveView();
  const focused = document.activeElement?.id;
  frame?.destroy();
  frame = makeFrame();
  fill(document.body, frame.node);
  draw(false);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** Starts the page. */
export function startApp(): void {
  startTheme();
  startSession();
  startShortcuts();
  watchForNewer();
  document.body.append(h("p", { class: "loading" }, "Ballast"));
  let named = "";
  live.watch((picture) => {
    if (picture && picture.site.site !== named) {
      named = picture.site.site;
      document.title = document.title.replace(/ · .*$/, " · " + named);
    }
  });
  // Whatever was shown before the stream is there again is old.
  link.watch((state) => toggle(document.documentElement, "lost", state === "lost" || (state === "connecting" && live.value !== null)));
  let begun = false;
  let who: Me | null = null;
  const changed = (): void => {
    if (!me.value) return;
    const { name, role } = me.value;
    // The same person with other rights: a click that was under way may have been refused, and its view is drawn anew.
    if (who && who.name === name && who.role !== role && role) toast("warn", t().common.roleChanged(word(t().common.roles, role)));
    who = me.value;
    document.documentElement.lang = lang.value;
    if (may("read")) startLive();
    else stopLive();
    redraw();
    begun = true;
  };
  me.watch(changed);
  lang.watch(() => begun && changed());
  addEventListener("hashchange", () => begun && draw(true));
  const ask = async (): Promise<void> => {
    if (!(await loadMe())) setTimeout(() => void ask(), 1000);
    show(document.body, true);
  };
  void ask();
}
