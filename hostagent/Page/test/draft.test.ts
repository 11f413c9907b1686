import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, fieldOf, numberOf, startOf, typedIn, unitFor, wattsOf, type Draft } from "../src/views/order/draft";

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

test("A number that begins with nothing before its sign is no thousand", () => {
  assert.equal(wattsOf({ ...draft, limit: "0,500", unit: "kW" }), 500);
  assert.equal(wattsOf({ ...draft, limit: "0.125", unit: "MW" }), 125_000);
  assert.ok(Number.isNaN(numberOf("10.500")));
});

test("A start is a time of the browser's zone; one that the clocks skip is none, and one that comes twice is the first", () => {
  const zone = process.env["TZ"];
  process.env["TZ"] = "Europe/Berlin";
  try {
    assert.equal(startOf("2026-11-22T17:30")!.toISOString(), "2026-11-22T16:30:00.000Z");
    assert.equal(startOf("2026-07-01T00:00")!.toISOString(), "2026-06-30T22:00:00.000Z");
    assert.equal(startOf("2026-03-29T02:30"), null);
    assert.equal(startOf("2026-10-25T02:30")!.toISOString(), "2026-10-25T00:30:00.000Z");
    assert.equal(startOf("soon"), null);
    assert.equal(bodyOf({ ...draft, start: "2026-03-29T02:30" })["start"], "2026-03-29T02:30");
  } finally {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  }
});

test("What a choice types has the decimal sign of the language, and is read as it was meant", () => {
  assert.equal(typedIn(3_250_000, "MW", ","), "3,25");
  assert.equal(wattsOf({ ...draft, limit: typedIn(3_250_000, "MW", ","), unit: "MW" }), 3_250_000);
});
