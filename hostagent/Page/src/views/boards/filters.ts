// The filters above the list of boards: text, pod, mode, and what is to be looked at, with how many boards each leaves.
import { fill, h, text, attr, show } from "../../core/dom";
import { number } from "../../core/format";
import { t } from "../../core/i18n";
import type { Sort } from "../../components/table";
import type { FleetPage } from "./types";
import { modeText, stateText } from "./words";

export interface Filter {
  pod: string;
  mode: string;
  state: string;
  text: string;
}

const Modes = ["running", "asleep", "starting", "ramping", "cooling", "fault", "unknown"];

// What an operator looks for first; the mode "fault" stands among the states, because it is one to look at.
const States = ["suspect", "latched", "offline", "stale", "unavailable", "notAdmitted", "lockedOut", "resting", "offersLadder"];

const TypingMs = 250;

/** The list's question to the host. */
export function toQuery(filter: Filter, sort: Sort, skip: number, take: number): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value) query.set(name, value);
  if (sort.key !== "board") query.set("sort", sort.key);
  if (sort.down) query.set("descending", "true");
  query.set("skip", String(skip));
  query.set("take", String(take));
  return query.toString();
}

export interface FilterBar {
  node: HTMLElement;
  set(page: FleetPage): void;
  pods(ids: readonly string[]): void;
}

export function filterBar(filter: Filter, changed: (next: Partial<Filter>) => void): FilterBar {
  const words = t().boards;
  let typing: ReturnType<typeof setTimeout> | undefined;
  let known = "";
  const search = h("input", { type: "search", id: "boards-text", placeholder: words.searchHint, value: filter.text, maxlength: 100, autocomplete: "off", spellcheck: "false", on: { input: () => {
    clearTimeout(typing);
    typing = setTimeout(() => change({ text: search.value.trim() }), TypingMs);
  } } });
  const pod = h("select", { id: "boards-pod", on: { change: () => change({ pod: pod.value }) } });
  const modeOptions = Modes.map((mode) => h("option", { value: mode }, modeText(mode)));
  const mode = h("select", { id: "boards-mode", on: { change: () => change({ mode: mode.value }) } }, h("option", { value: "" }, words.allModes), modeOptions);
  mode.value = filter.mode;
  const chips = States.map((state) => {
    const label = h("span", {}, stateText(state));
    const count = h("span", { class: "chip-count" });
    const node = h("button", { type: "button", class: "chip", on: { click: () => change({ state: filter.state === state ? "" : state }) } }, label, count);
    return { state, node, count };
  });
  const clear = h("button", { type: "button", class: "button", on: { click: () => {
    search.value = "";
    change({ text: "", pod: "", mode: "", state: "" });
    search.focus();
  } } }, words.clear);

  function change(next: Partial<Filter>): void {
    changed(next);
    mark();
  }

  function mark(): void {
    pod.value = filter.pod;
    mode.value = filter.mode;
    for (const chip of chips) attr(chip.node, "aria-pressed", filter.state === chip.state ? "true" : "false");
    show(clear, Object.values(filter).some((v) => v !== ""));
  }

  function pods(ids: readonly string[]): void {
    const joined = ids.join();
    if (joined === known) return;
    known = joined;
    const gone = filter.pod !== "" && !ids.includes(filter.pod);
    fill(pod, h("option", { value: "" }, words.allPods), gone && h("option", { value: filter.pod }, filter.pod), ids.map((id) => h("option", { value: id }, id)));
    pod.value = filter.pod;
  }

  pods([]);
  mark();
  const node = h("form", { class: "boards-filters", role: "search", on: { submit: (event) => event.preventDefault() } },
    h("div", { class: "field boards-search" }, h("label", { for: "boards-text" }, words.search), search),
    h("div", { class: "field" }, h("label", { for: "boards-pod" }, words.pod), pod),
    h("div", { class: "field" }, h("label", { for: "boards-mode" }, words.mode), mode),
    h("div", { class: "chips", role: "group", "aria-label": words.attention }, chips.map((c) => c.node), clear));
  return {
    node,
    pods,
    set(page) {
      for (const chip of chips) {
        const found = page.states[chip.state] ?? 0;
        text(chip.count, number(found));
        chip.node.disabled = found === 0 && filter.state !== chip.state && chip.node !== document.activeElement;
      }
      modeOptions.forEach((option, i) => text(option, modeText(Modes[i]!) + " (" + number(page.modes[Modes[i]!] ?? 0) + ")"));
    },
  };
}
