import assert from "node:assert/strict";
import { test } from "node:test";
import { translate } from "../src/components/said";
import { setLang } from "../src/core/i18n";
import type { History, Pod, Site, TreeNode } from "../src/core/types";
import { differing } from "../src/views/audit/differing";
import { headParts } from "../src/views/audit/head";
import { append, columnsOf, span } from "../src/views/site/history";
import { numbersOf } from "../src/views/site/numbers";
import { flatten } from "../src/views/site/tree";

const start = Date.UTC(2026, 0, 1) / 1000;
const picture = (second: number, meterW: number, quality = "metered"): Site => ({ now: new Date((start + second) * 1000 + 250).toISOString(), capW: null, orderedW: 10, meterW, meterQuality: quality }) as Site;
const kept: History = { everyS: 1, at: [start, start + 1, start + 60], capW: [5, null, 7], orderedW: [1, 2, 3], meteredW: [10, 20, 30], metered: [true, false, true] };

test("Seconds without a host are a hole in the line, not a line", () => {
  const columns = columnsOf(kept);
  assert.deepEqual(columns[0], [start, start + 1, start + 2, start + 60]);
  assert.deepEqual(columns[3], [1, 2, null, 3]);
});

test("Watts that no meter said are a line of their own", () => {
  const columns = columnsOf(kept);
  assert.deepEqual(columns[1], [10, null, null, 30]);
  assert.deepEqual(columns[2], [null, 20, null, null]);
  assert.deepEqual(span(columns), { low: 10, high: 30 });
  assert.equal(span(columnsOf({ ...kept, at: [], capW: [], orderedW: [], meteredW: [], metered: [] })), null);
});

test("A picture adds its second once, and what is older than the range goes", () => {
  const columns = columnsOf(kept);
  append(columns, picture(61, 40), 900, 1);
  append(columns, picture(61, 99), 900, 1);
  assert.equal(columns[0].length, 5);
  assert.equal(columns[1].at(-1), 40);
  append(columns, picture(62, 41, "stale: the boards' sum stands for it"), 60, 1);
  assert.equal(columns[0][0], start + 60);
  assert.equal(columns[1].at(-1), null);
  assert.equal(columns[2].at(-1), 41);
  assert.ok(columns.every((c) => c.length === columns[0].length));
});

test("Pods with one number show it, others the span", () => {
  setLang("en");
  const pod = (limitMjPerTh: number, orderId = 1): Pod => ({ limitMjPerTh, orderId }) as Pod;
  assert.deepEqual(numbersOf([pod(17_500), pod(17_500)]), { quantity: { value: "≤ 17.50", unit: "J/TH" }, note: "" });
  assert.equal(numbersOf([pod(15_000), pod(17_500)]).note, "15.00 to 17.50");
  assert.equal(numbersOf([pod(2147483647)]).quantity.value, "no limit");
  assert.equal(numbersOf([pod(0)]).note, "everything off");
  assert.equal(numbersOf([pod(5, 0)]).quantity.value, "–");
});

test("Sentences of the host are German where they are known, and marked where they are not", () => {
  setLang("de");
  assert.deepEqual(translate("A fall is still settling."), { text: "Ein Absenken schwingt noch ein.", english: false });
  assert.deepEqual(translate("TEST: limit 5e3a4e02cbbb42bcbbe5c8057714e9fd of rest: line work: part 2"), { text: "TEST: Grenze 5e3a4e02… von rest: line work: part 2", english: false });
  assert.deepEqual(translate("Something new."), { text: "Something new.", english: true });
  setLang("en");
  assert.deepEqual(translate("Something new."), { text: "Something new.", english: false });
});

test("The tree is told from the top", () => {
  const node = (id: string, children: TreeNode[] = []): TreeNode => ({ id, children }) as TreeNode;
  assert.deepEqual(flatten(node("site", [node("f1", [node("p1")]), node("p2")])).map((l) => l.depth + l.node.id), ["0site", "1f1", "2p1", "1p2"]);
});

test("A head is segment, record and hash", () => {
  assert.deepEqual(headParts("2/118/ab"), { segment: "2", number: "118", hash: "ab" });
});

test("A clock that was set back begins the picture anew instead of standing still", () => {
  const columns = columnsOf(kept);
  append(columns, picture(-600, 77), 900, 1);
  assert.deepEqual(columns[0], [start - 600]);
  assert.deepEqual(columns[1], [77]);
});

test("A change shows what it changed; a record alone is whole", () => {
  assert.deepEqual(differing({ id: 1, state: "completed" }, { id: 1, state: "active" }), { state: "completed" });
  assert.deepEqual(differing({ id: 1, end: 5 }, { id: 1 }), { end: 5 });
  assert.deepEqual(differing({ id: 1 }, null), { id: 1 });
  assert.deepEqual(differing({ id: 1 }, { id: 1 }), { id: 1 });
  assert.equal(differing("a", { id: 1 }), "a");
});
