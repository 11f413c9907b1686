// The form of an order. It knows its fields, and where to show what the host says against one of them.
import { sentenceOf } from "../../components/toast";
import type { Problem } from "../../core/api";
import { attr, fill, h, show, text, type Child } from "../../core/dom";
import { duration, number, percent, power } from "../../core/format";
import { lang, t } from "../../core/i18n";
import type { LivePicture } from "../../core/live";
import { may } from "../../core/session";
import type { OrderClass, TreeNode } from "../../core/types";
import type { Profile } from "../events/types";
import { fieldOf, typedIn, unitFor, type Draft } from "./draft";

const Classes: readonly OrderClass[] = ["economic", "reliability", "emergency"];
const Minutes = ["", "15", "30", "60", "120", "240"];
const Shares = [0.75, 0.5, 0.25];
const OneBoard = "*";

export interface Form {
  node: HTMLFormElement;
  /** The button that leads to the confirmation. */
  submit: HTMLButtonElement;
  draft(): Draft;
  /** Shows a refusal at the field that it names; null takes all away. */
  refuse(problem: Problem | null): void;
  /** Forgets the limit: it has been given. */
  clear(): void;
  live(picture: LivePicture): void;
  profiles(list: readonly Profile[]): void;
}

export function orderForm(start: Partial<Draft>, changed: () => void, submitted: () => void): Form {
  const words = t().order;
  const faults = new Map<string, { fault: HTMLElement; input: HTMLElement }>();
  let tree: TreeNode | null = null;
  let drawn = "";
  let chosen: OrderClass = start.class ?? "economic";
  let profile = start.profile ?? "";
  const startNode = start.node ?? "site";

  const where = h("select", { id: "order-node" });
  const boardName = h("input", { id: "order-board", type: "text", placeholder: "p1/b01", autocomplete: "off", spellcheck: "false", value: startNode.includes("/") ? startNode : "" });
  const boardField = field("board", words.boardName, boardName);
  const hint = note("");
  const classes = h("fieldset", { class: "choices" }, h("legend", {}, words.how));
  const limit = h("input", { id: "order-limit", type: "text", inputmode: "decimal", autocomplete: "off", required: true });
  const unit = h("select", { id: "order-unit", "aria-label": words.unit }, ["W", "kW", "MW"].map((u) => h("option", { value: u }, u)));
  const quick = h("div", { class: "quick", role: "group", "aria-label": words.quick });
  const length = h("select", { id: "order-length" }, Minutes.map((m) => h("option", { value: m }, m === "" ? words.untilReleased : duration(Number(m) * 60_000))), h("option", { value: OneBoard }, words.other));
  const minutes = h("input", { id: "order-minutes", type: "text", inputmode: "decimal", autocomplete: "off" });
  const minutesField = field("minutes2", words.minutes, minutes);
  const begin = h("input", { id: "order-start", type: "datetime-local", step: 60 });
  const reason = h("input", { id: "order-reason", type: "text", maxlength: 200, autocomplete: "off", value: start.reason ?? "" });
  const test = h("input", { id: "order-test", type: "checkbox" });
  const ramp = h("input", { id: "order-ramp", type: "text", inputmode: "decimal", autocomplete: "off" });
  const overall = h("p", { class: "fault", role: "alert" });
  const submit = h("button", { type: "submit", class: "button primary" });
  unit.value = start.unit ?? "W";
  limit.value = start.limit ?? "";
  length.value = Minutes.includes(start.minutes ?? "") ? start.minutes ?? "" : OneBoard;
  minutes.value = length.value === OneBoard ? start.minutes ?? "" : "";
  begin.value = start.start ?? "";
  test.checked = start.test ?? false;
  ramp.value = start.ramp ?? "";

  const node = h("form", { class: "form order-form", novalidate: true, on: {
    submit: (event) => {
      event.preventDefault();
      submitted();
    },
    input: () => update(),
    change: () => update(),
  } },
    field("node", words.where, where, hint), boardField,
    classes,
    field("limit", words.limit, [h("div", { class: "with-unit" }, limit, unit), quick], null, limit),
    may("raise") ? field("minutes", words.duration, length) : h("p", { class: "muted" }, words.needsRaise), minutesField,
    field("start", words.startAt, begin, note(words.startHint(Intl.DateTimeFormat().resolvedOptions().timeZone))),
    field("reason", words.reason, reason, note(words.reasonHint)),
    h("label", { class: "check" }, test, words.test),
    h("details", {}, h("summary", {}, words.advanced), field("ramp", words.ramp, ramp, note(words.rampHint))),
    overall,
    h("div", { class: "buttons" }, submit));

  function field(name: string, label: string, control: Child, note: HTMLElement | null = null, input?: HTMLElement): HTMLElement {
    const at = input ?? (control as HTMLElement);
    const fault = h("p", { class: "fault", id: "order-" + name + "-fault", role: "alert" });
    if (note) note.id = "order-" + name + "-note";
    attr(at, "aria-describedby", fault.id + (note ? " " + note.id : ""));
    faults.set(name, { fault, input: at });
    return h("div", { class: "field" }, h("label", { for: at.id }, label), control, note, fault);
  }

  function update(): void {
    show(boardField, where.value === OneBoard);
    show(minutesField, length.value === OneBoard);
    const emergency = chosen === "emergency";
    text(submit, emergency ? words.sendEmergency : words.send);
    attr(submit, "class", emergency ? "button danger" : "button primary");
    changed();
  }

  function choose(nextClass: OrderClass, nextProfile: string): void {
    chosen = nextClass;
    profile = nextProfile;
    update();
  }

  const says = Object.fromEntries(Classes.map((name) => [name, h("span", { class: "choice-says" })])) as Record<OrderClass, HTMLElement>;
  const named = h("div", { class: "stack" });
  classes.append(...Classes.map((name) => choice(name, t().common.classes[name], says[name], chosen === name && !profile, () => choose(name, ""))), named);
  const classFault = h("p", { class: "fault", id: "order-class-fault", role: "alert" });
  classes.append(classFault);
  faults.set("class", { fault: classFault, input: classes });

  function choice(value: string, label: string, more: Child, on: boolean, act: () => void): HTMLElement {
    const radio = h("input", { type: "radio", name: "order-class", value, checked: on, on: { change: act } });
    return h("label", { class: "choice", "data-class": value }, radio, h("span", {}, h("strong", {}, label), more));
  }

  // The nodes come with the first picture; they change only with the configuration. One that was chosen and is gone stays chosen, and the
  // host refuses it: an order for a pod must never become one for the site.
  function nodes(all: readonly TreeNode[]): void {
    const of = (kind: string): string[] => all.filter((n) => n.kind === kind).map((n) => n.id);
    const options = (ids: readonly string[]): HTMLElement[] => ids.map((id) => h("option", { value: id }, id));
    const kept = where.value || (startNode.includes("/") ? OneBoard : startNode);
    const gone = kept !== "site" && kept !== OneBoard && !all.some((n) => n.id === kept);
    fill(where, h("option", { value: "site" }, words.site),
      gone && options([kept]),
      of("feeder").length > 0 && h("optgroup", { label: words.feeders }, options(of("feeder"))),
      of("pod").length > 0 && h("optgroup", { label: words.pods }, options(of("pod"))),
      h("option", { value: OneBoard }, words.oneBoard));
    where.value = kept;
  }

  function here(): void {
    const id = where.value === OneBoard ? boardName.value.trim() : where.value;
    const found = tree ? flat(tree).find((n) => n.id === id) : undefined;
    const drawnW = found ? found.drawnW ?? found.estimateW : 0;
    text(hint, found ? words.nowHere(power(drawnW), power(found.nameplateW)) : "");
    const choices: [string, number][] = found ? [[words.present(power(drawnW)), drawnW], ...Shares.map((s): [string, number] => [words.share(percent(s * 100)), drawnW * s]), [words.nothing, 0]] : [];
    const key = id + choices.length + Math.round(drawnW / 5);
    // Not under a reader's hands.
    if (key === drawn || quick.contains(document.activeElement)) return;
    drawn = key;
    fill(quick, choices.map(([label, watts]) => h("button", { type: "button", class: "chip", on: { click: () => {
      unit.value = unitFor(drawnW);
      limit.value = typedIn(watts, unit.value as Draft["unit"], lang.value === "de" ? "," : ".");
      update();
    } } }, label)));
  }

  nodes([]);
  update();
  return {
    node,
    submit,
    draft: () => ({
      node: where.value === OneBoard ? boardName.value.trim() : where.value,
      class: chosen,
      profile,
      limit: limit.value,
      unit: unit.value as Draft["unit"],
      minutes: length.value === OneBoard ? minutes.value : length.value,
      start: begin.value,
      reason: reason.value,
      test: test.checked,
      ramp: ramp.value,
    }),
    refuse(problem) {
      const name = problem ? fieldOf(problem.field) : "";
      const key = name === "node" && where.value === OneBoard ? "board" : name === "minutes" && length.value === OneBoard ? "minutes2" : name;
      const shown = problem ? sentenceOf(problem) : "";
      for (const [of, { fault, input }] of faults) {
        text(fault, of === key ? shown : "");
        attr(input, "aria-invalid", of === key ? "true" : null);
      }
      text(overall, problem && !faults.has(key) ? shown : "");
    },
    clear() {
      limit.value = "";
      update();
    },
    live(picture) {
      if (picture.tree && picture.tree !== tree) {
        const first = tree === null || JSON.stringify(flat(tree).map((n) => n.id)) !== JSON.stringify(flat(picture.tree).map((n) => n.id));
        tree = picture.tree;
        if (first) {
          nodes(flat(tree));
          update();
        }
      }
      here();
      for (const shed of picture.headroom.shed) {
        const within = number(shed.withinS) + " " + t().common.units.s;
        const sentence = { economic: words.economicSays, reliability: words.reliabilitySays, emergency: words.emergencySays }[shed.class];
        text(says[shed.class], sentence(within));
      }
    },
    profiles(list) {
      if (list.length === 0) return;
      fill(named, h("p", { class: "muted" }, words.profiles), list.map((p) =>
        choice("profile:" + p.name, p.name, h("span", { class: "choice-says" }, words.profileSays(t().common.classes[p.class])), profile === p.name, () => choose(p.class, p.name))));
    },
  };
}

function flat(node: TreeNode): TreeNode[] {
  return [node, ...node.children.flatMap(flat)];
}

const note = (words: string): HTMLElement => h("p", { class: "hint" }, words);
