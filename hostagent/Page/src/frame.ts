// What stands around every view: skip link, header, navigation, banners, heading.
import { toastProblem, toastRegion } from "./components/toast";
import { icon } from "./components/icon";
import { say } from "./components/said";
import { status, type Level } from "./components/status";
import { openDialog } from "./components/dialog";
import { attr, fill, h, rows, show, text } from "./core/dom";
import { clock, duration } from "./core/format";
import { lang, setLang, t, word } from "./core/i18n";
import { hostNow, link, live, liveAgeMs, type LivePicture } from "./core/live";
import { newer } from "./core/newer";
import { address, go, type View } from "./core/router";
import { may, me, signOut } from "./core/session";
import { setShortcuts, shortcuts, shortcutsOn, switchShortcuts, type Shortcut } from "./core/shortcuts";
import { setTheme, theme, type Theme } from "./core/theme";
import { onWall } from "./core/wall";
import { views } from "./views/index";

export interface Frame {
  node: HTMLElement;
  heading: HTMLElement;
  /** Where the view draws. */
  content: HTMLElement;
  select(view: View): void;
  destroy(): void;
}

const navViews = (): View[] => views.filter((v) => v.nav && (!v.nav.needs || may(v.nav.needs))).sort((a, b) => a.nav!.order - b.nav!.order);

export function makeFrame(): Frame {
  const ends: (() => void)[] = [];
  const heading = h("h1", { tabindex: -1, id: "heading" });
  const content = h("div", { class: "content" });
  const main = h("main", { id: "main", tabindex: -1 }, heading, content);
  const links = new Map<View, HTMLAnchorElement>();
  const signedIn = may("read");
  const nav = h("nav", { class: "nav", "aria-label": t().common.navigation }, h("ul", {}, (signedIn ? navViews() : []).map((view) => {
    const a = h("a", { href: address(view.path) }, icon(view.nav!.icon), h("span", {}, view.title(t(), {})));
    links.set(view, a);
    return h("li", {}, a);
  })));
  const skip = h("a", { class: "skip", href: "#main", on: { click: (event) => {
    event.preventDefault();
    main.focus();
  } } }, t().common.skip);
  const node = h("div", { class: signedIn ? "frame" : "frame signed-out" }, skip, header(ends, signedIn), banners(ends), nav, main, toastRegion);
  setShortcuts(keys(signedIn));
  return {
    node,
    heading,
    content,
    select(view) {
      for (const [of, a] of links) attr(a, "aria-current", of === view ? "page" : of.path === view.path.split("/")[0] ? "true" : null);
    },
    destroy() {
      for (const end of ends) end();
    },
  };
}

function header(ends: (() => void)[], signedIn: boolean): HTMLElement {
  const site = h("strong", { class: "brand-site" });
  const phase = status();
  const now = h("time", { class: "clock" });
  const shown = status();
  const timer = setInterval(() => text(now, live.value ? clock(hostNow()) : ""), 500);
  ends.push(() => clearInterval(timer));
  ends.push(live.watch((picture) => {
    if (!picture) return;
    text(site, picture.site.site);
    const [level, words] = phaseOf(picture);
    phase.set(level, words);
    attr(phase.node, "title", picture.site.whyNotLeading);
  }));
  ends.push(link.watch((state) => shown.set(state === "open" ? "good" : state === "lost" ? "bad" : "wait", t().common.link[state])));
  const other = lang.value === "de" ? "en" : "de";
  const themes: Theme[] = ["auto", "light", "dark"];
  const themeLabel = h("span", { class: "button-label" });
  const themeButton = h("button", { type: "button", class: "icon-button", on: { click: () => setTheme(themes[(themes.indexOf(theme.value) + 1) % 3]!) } }, icon("theme"), themeLabel);
  ends.push(theme.watch((value) => {
    text(themeLabel, t().common.theme[value]);
    attr(themeButton, "aria-label", t().common.themeIs(t().common.theme[value]));
  }));
  const user = me.value;
  return h("header", { class: "top" },
    h("div", { class: "brand" }, h("span", { class: "brand-name" }, "Ballast"), site),
    signedIn ? h("div", { class: "top-state" }, phase.node, shown.node, now) : null,
    h("div", { class: "top-tools" },
      h("button", { type: "button", id: "language", class: "icon-button", lang: other, "aria-label": other === "de" ? "Deutsch" : "English", on: { click: () => setLang(other) } }, icon("language"), h("span", { class: "button-label" }, other === "de" ? "Deutsch" : "English")),
      themeButton,
      h("button", { type: "button", class: "icon-button", "aria-label": t().common.help, "aria-keyshortcuts": "?", on: { click: showHelp } }, icon("help"), h("span", { class: "button-label" }, "?")),
      user?.authRequired && user.role && signedIn ? h("button", { type: "button", class: "icon-button", "aria-label": t().common.signOutOf(user.name ?? "", word(t().common.roles, user.role ?? "")), on: { click: () => void signOut().then((problem) => problem && toastProblem(problem)) } }, icon("user"), h("span", { class: "button-label" }, user.name)) : null));
}

function phaseOf(picture: LivePicture): [Level, string] {
  const words = t().common.phase;
  switch (picture.site.phase) {
    case "leading": return picture.site.brokerConnected ? ["good", words.leading] : ["bad", t().common.noBroker];
    case "passive": return ["note", words.passive];
    case "collecting": return ["wait", words.collecting];
    default: return ["bad", words.offline];
  }
}

interface Notice {
  id: string;
  level: Level;
  text: string;
  more: string;
}

// What everybody has to know, whichever view is open.
function noticesOf({ site, breakers }: LivePicture): Notice[] {
  const words = t().common.notices;
  const list: Notice[] = [];
  const add = (holds: boolean, id: string, level: Level, text: string, more = ""): void => void (holds && list.push({ id, level, text, more }));
  add(!site.brokerConnected, "broker", "bad", words.broker);
  add(site.phase !== "leading" && site.brokerConnected, "phase", "note", words.phase, site.whyNotLeading ?? "");
  add(site.emergency, "emergency", "bad", words.emergency, site.capWhy);
  add(breakers.some((b) => b.state === "waiting"), "breaker", "bad", words.breaker);
  add(!site.durable, "journal", "bad", words.journal);
  add(site.held, "held", "warn", words.held);
  return list;
}

// Alerts, each said once; ages count on for the eye only.
function banners(ends: (() => void)[]): HTMLElement {
  const age = h("span", { "aria-hidden": "true" });
  const words = h("span", {});
  const lost = h("div", { class: "banner", "data-level": "bad" }, status("bad").node, words, age);
  lost.hidden = true;
  const others = h("div", { class: "banner-list" });
  const reload = h("div", { class: "banner", "data-level": "note", "data-id": "newer" }, status("note", t().common.newer).node,
    h("button", { type: "button", class: "button", on: { click: () => location.reload() } }, t().common.reload));
  const region = h("div", { class: "banners", role: "alert" }, lost, reload, others);
  // Nobody presses anything on a wall.
  ends.push(newer.watch((is) => (is && onWall() ? location.reload() : show(reload, is))));
  const update = rows<Notice>(others, (n) => n.id, (first) => {
    const badge = status(first.level, first.text);
    const more = h("span", { class: "banner-more" });
    return {
      node: h("div", { class: "banner", "data-level": first.level, "data-id": first.id }, badge.node, more),
      update: (n) => say(more, n.more),
    };
  });
  ends.push(live.watch((picture) => picture && update(noticesOf(picture))));
  function grow(): void {
    if (link.value === "open") return;
    const ms = liveAgeMs();
    text(age, ms === null ? "" : t().common.valuesAre(duration(ms)));
    document.documentElement.style.setProperty("--stale", JSON.stringify(t().common.stale(ms === null ? "" : duration(ms))));
  }
  ends.push(link.watch((state) => {
    text(words, state === "lost" ? t().common.lost : "");
    show(lost, state === "lost");
    grow();
  }));
  const timer = setInterval(grow, 500);
  ends.push(() => clearInterval(timer));
  return region;
}

function keys(signedIn: boolean): Shortcut[] {
  const list: Shortcut[] = signedIn ? navViews().map((v) => ({ keys: "g " + v.nav!.key, label: v.title(t(), {}), act: () => go(v.path) })) : [];
  return [
    ...list,
    { keys: "t", label: t().common.keyTheme, act: () => setTheme(theme.value === "dark" ? "light" : "dark") },
    { keys: "l", label: t().common.keyLanguage, act: () => setLang(lang.value === "de" ? "en" : "de") },
    { keys: "?", label: t().common.help, act: showHelp },
  ];
}

function showHelp(): void {
  const list = h("dl", { class: "keys" });
  fill(list, shortcuts().map((s) => h("div", {}, h("dt", {}, s.keys.split(" ").map((k) => h("kbd", {}, k))), h("dd", {}, s.label))));
  const keys = h("input", { type: "checkbox", on: { change: () => switchShortcuts(keys.checked) } });
  keys.checked = shortcutsOn();
  openDialog(t().common.help, [list, h("label", { class: "check" }, keys, t().common.keysOn), h("p", { class: "muted" }, t().common.helpMore)]);
}
