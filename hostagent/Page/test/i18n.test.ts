import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { pickLang } from "../src/core/i18n";
import * as de from "../src/i18n/de/index";
import * as en from "../src/i18n/en/index";

type Tree = { readonly [key: string]: unknown };

function keys(tree: Tree, path = ""): string[] {
  return Object.entries(tree).flatMap(([key, value]) => (value !== null && typeof value === "object" ? keys(value as Tree, path + key + ".") : [path + key + ":" + typeof value]));
}

test("Every text is there in both languages", () => {
  // Sentences of the host are English already.
  const all = (tree: unknown): string[] => keys(tree as Tree).filter((k) => !k.startsWith("host.sentences.")).sort();
  assert.deepEqual(all(de), all(en));
  assert.ok(all(en).length > 100);
});

test("No text is empty", () => {
  const empty = (tree: Tree, path: string): string[] => Object.entries(tree).flatMap(([key, value]) => (typeof value === "string" ? (value.trim() ? [] : [path + key]) : typeof value === "object" && value !== null ? empty(value as Tree, path + key + ".") : []));
  assert.deepEqual([...empty(en as unknown as Tree, "en."), ...empty(de as unknown as Tree, "de.")], []);
});

test("The browser's first known language is taken", () => {
  assert.equal(pickLang(["fr-FR", "de-AT", "en"]), "de");
  assert.equal(pickLang(["en-US", "de"]), "en");
  assert.equal(pickLang(["fr"]), "en");
  assert.equal(pickLang([]), "en");
});

test("Every alarm of the host has a title in both languages", () => {
  const codes = [...fs.readFileSync("../Alerts/AlertCodes.cs", "utf8").matchAll(/new\("([a-z0-9-]+)",/g)].map((m) => m[1]!);
  assert.ok(codes.length > 20);
  assert.deepEqual([...codes].sort(), Object.keys(en.host.alarmCodes).sort());
});
