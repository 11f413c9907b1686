import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { duration, efficiency, hashRate, NoNumber, number, percent, power, powerParts, shortId, when } from "../src/core/format";
import { setLang } from "../src/core/i18n";

beforeEach(() => setLang("en"));

test("Watts are shown as W, kW and MW, as the control room says them", () => {
  assert.equal(power(0), "0 W");
  assert.equal(power(999), "999 W");
  assert.equal(power(1000), "1.00 kW");
  assert.equal(power(123_456), "123.5 kW");
  assert.equal(power(2_500_000), "2.50 MW");
  assert.equal(power(-1500), "-1.50 kW");
  assert.equal(power(null), "–");
  assert.equal(power(Number.NaN), "–");
});

test("Figures side by side have one unit", () => {
  assert.deepEqual(powerParts(500, 20_000), { value: "0.50", unit: "kW" });
  assert.deepEqual(powerParts(null, 20_000), { value: "–", unit: "kW" });
});

test("The number on the wire is mJ/TH, on the page J/TH", () => {
  assert.equal(efficiency(17_500), "17.50 J/TH");
  assert.equal(efficiency(NoNumber), "no limit");
  assert.equal(efficiency(null), "–");
});

test("Hash rates keep their size", () => {
  assert.equal(hashRate(500), "500.0 GH/s");
  assert.equal(hashRate(20_090), "20.09 TH/s");
  assert.equal(hashRate(3.2e6), "3.20 PH/s");
  assert.equal(hashRate(1.5e9), "1.50 EH/s");
});

test("German numbers have German marks", () => {
  setLang("de");
  assert.equal(number(1234.5, 1), "1.234,5");
  assert.equal(power(123_456), "123,5 kW");
  assert.equal(efficiency(NoNumber), "keine Grenze");
});

test("Zero has no sign, whatever it was rounded from", () => {
  assert.equal(number(-0.001, 2), "0.00");
  assert.equal(percent(-0), "0 %");
});

test("Lengths of time name their units and never the sixtieth second", () => {
  assert.equal(duration(0), "0 s");
  assert.equal(duration(400), "0.4 s");
  assert.equal(duration(59_600), "1 min");
  assert.equal(duration(125_000), "2 min 5 s");
  assert.equal(duration(3_600_000), "1 h");
  assert.equal(duration(90_000_000), "1 d 1 h");
  assert.equal(duration(-5), "0 s");
  assert.equal(duration(null), "–");
});

test("Only drawn ids are shortened", () => {
  assert.equal(shortId("5e3a4e02cbbb42bcbbe5c8057714e9fd"), "5e3a4e02…");
  assert.equal(shortId("evening-20261122"), "evening-20261122");
});

test("A time of another day has its day: an alarm since 14:03 may be one of last week", () => {
  const now = new Date();
  assert.match(when(now.toISOString()), /^\d\d:\d\d:\d\d$/);
  assert.match(when(new Date(now.getTime() - 7 * 86_400_000).toISOString()), /\d{4}/);
  assert.equal(when(null), "–");
});
