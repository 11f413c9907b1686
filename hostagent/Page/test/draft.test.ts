import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, fieldOf, numberOf, typedIn, unitFor, wattsOf, type Draft } from "../src/views/order/draft";

const draft: Draft = { node: "site", class: "economic", profile: "", limit: "300", unit: "W", minutes: "", start: "", reason: "", test: false, ramp: "" };

test("A limit is whole watts, whatever unit and decimal sign it was typed with", () => {
  assert.deepEqual(bodyOf(draft), { node: "site", class: "economic", limitW: 300 });
  assert.equal(wattsOf({ ...draft, limit: "1,5", unit: "MW" }), 1_500_000);
  assert.equal(wattsOf({ ...draft, limit: "0.3", unit: "kW" }), 300);
  assert.equal(wattsOf({ ...draft, limit: "12 500" }), 12_500);
  assert.equal(wattsOf({ ...draft, limit: " " }), null);
});

test("What is no number goes to the host as it was typed, which says what is wrong", () => {
  for (const typed of ["-1", "1e9", "NaN", "0x10", "1.2.3", "abc", "1.000,5", "1.000", "1,000"]) {
    assert.ok(Number.isNaN(numberOf(typed)), typed);
    assert.equal(bodyOf({ ...draft, limit: typed })["limitW"], typed);
  }
});

test("A profile stands for the class; minutes become seconds; a drill is marked", () => {
  assert.deepEqual(bodyOf({ ...draft, profile: "evening", minutes: "2,5", test: true, ramp: "50", reason: " peak " }), { node: "site", profile: "evening", limitW: 300, durationS: 150, rampUpWPerS: 50, reason: "peak", test: true });
});

test("What the host says against a member is shown at its field", () => {
  assert.deepEqual(["limitW", "durationS", "node", "class", "profile", "Idempotency-Key", ""].map(fieldOf), ["limit", "minutes", "node", "class", "class", "", ""]);
});

test("Watts are typed in the unit that is read most easily", () => {
  assert.deepEqual([400, 12_000, 3_200_000].map((w) => typedIn(w, unitFor(w)) + " " + unitFor(w)), ["400 W", "12 kW", "3.2 MW"]);
  assert.equal(typedIn(93.4, "W"), "93");
});
