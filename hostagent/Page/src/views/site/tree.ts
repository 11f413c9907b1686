import { panel } from "../../components/panel";
import { say, translate } from "../../components/said";
import { status } from "../../components/status";
import { attr, h, rows, show, text } from "../../core/dom";
import { clock, number, power } from "../../core/format";
import { t } from "../../core/i18n";
import { address } from "../../core/router";
import type { TreeNode } from "../../core/types";
import type { Part } from "../site";

interface Line {
  node: TreeNode;
  depth: number;
}

/** The tree as lines, parents before their children. */
export function flatten(root: TreeNode, depth = 0): Line[] {
  return [{ node: root, depth }, ...root.children.flatMap((c) => flatten(c, depth + 1))];
}

/** Every node: what it draws, what holds there and why. */
export function siteTree(): Part {
  const words = t().site;
  const body = h("tbody");
  const head = [[words.node, ""], [words.draws, "num"], [words.ordered, "num"], [words.cap, "num"], [words.boundBy, "bound"], [words.why, "wide"]] as const;
  const update = rows<Line>(body, (l) => l.depth + l.node.kind + l.node.id, (first) => line(first));
  const scroller = h("div", { class: "table-scroll", tabindex: 0, role: "group", "aria-label": words.tree }, h("table", { class: "plain tree" },
    h("thead", {}, h("tr", {}, head.map(([title, name]) => h("th", { scope: "col", class: name }, title)))), body));
  const age = h("time", { class: "muted small" });
  let shown: TreeNode | null = null;
  return {
    node: panel(words.tree, scroller, { class: "site-tree", aside: age }).node,
    update({ tree, treeAt }) {
      text(age, words.treeOf(clock(treeAt)));
      if (tree && tree !== shown) update(flatten(tree));
      shown = tree;
    },
  };
}

function line(first: Line): { node: HTMLElement; update(line: Line): void } {
  const words = t().site;
  const { node: at } = first;
  const name = at.kind === "board"
    ? h("a", { href: address("boards/:pod/:board", { pod: at.id.split("/")[0]!, board: at.id.split("/")[1] ?? "" }) }, at.id)
    : at.kind === "pod" ? h("a", { href: address("boards", {}, { pod: at.id }) }, at.id) : h("span", {}, at.id);
  const count = h("span", { class: "muted" });
  const draws = h("td", { class: "num v" });
  const ordered = h("td", { class: "num v" });
  const cap = h("span", { class: "v" });
  const kind = h("span", { class: "muted tree-kind" });
  const bound = h("td", { class: "bound" });
  const why = h("span", {});
  const marks = h("span", { class: "row tight" });
  const test = status("note", words.test);
  const unreachable = status("warn");
  const lockout = status("note");
  const minimum = status("warn");
  marks.append(test.node, lockout.node, unreachable.node, minimum.node);
  const node = h("tr", {},
    h("th", { scope: "row" }, h("span", { class: "tree-name", "data-depth": Math.min(first.depth, 3) }, name, count)),
    draws, ordered, h("td", { class: "num" }, cap, " ", kind), bound, h("td", { class: "wide" }, why, marks));
  return {
    node,
    update({ node: n }) {
      text(count, n.kind === "board" ? "" : words.boards(number(n.boards)));
      text(draws, power(n.drawnW ?? n.estimateW));
      attr(draws, "title", n.quality && !translate(n.quality).english ? translate(n.quality).text : null);
      text(ordered, power(n.orderedW));
      text(cap, n.capW === null ? words.noCap : power(n.capW));
      text(kind, n.capClass ? t().common.classes[n.capClass] : "");
      text(bound, n.boundBy === null ? words.free : n.boundBy === n.id ? words.itself : n.boundBy);
      say(why, n.capW === null && n.boundBy !== n.id ? "" : n.why);
      show(test.node, n.test);
      show(lockout.node, n.lockout !== null);
      lockout.set("note", words.lockedOut + ": " + (n.lockout ?? ""));
      show(unreachable.node, n.unreachable);
      unreachable.set("warn", words.unreachable(power(n.orderedW)));
      show(minimum.node, n.minHolds === false);
      minimum.set("warn", words.minimum + (n.minWhy ? ": " + n.minWhy : ""));
    },
  };
}
