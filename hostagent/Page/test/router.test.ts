import assert from "node:assert/strict";
import { test } from "node:test";
import { at, problemOf } from "../src/core/api";
import { address, match, parseHash } from "../src/core/router";

test("An address names a view, its parts and its query", () => {
  const { path, query } = parseHash("#/boards/p1/b%2001?mode=running&q=a%26b");
  assert.deepEqual(path, ["boards", "p1", "b 01"]);
  assert.equal(query.get("q"), "a&b");
  assert.deepEqual(match("boards/:pod/:board", path), { pod: "p1", board: "b 01" });
  assert.equal(match("boards", path), null);
  assert.equal(match("events/:id", ["boards", "p1"]), null);
});

test("What was made an address is found again", () => {
  const params = { pod: "a/b", board: "ü?#" };
  const { path, query } = parseHash(address("boards/:pod/:board", params, { state: "x y", none: "" }));
  assert.deepEqual(match("boards/:pod/:board", path), params);
  assert.equal(query.get("state"), "x y");
  assert.equal(query.has("none"), false);
});

test("A broken address is no error", () => {
  assert.deepEqual(parseHash("").path, []);
  assert.deepEqual(parseHash("#/a/%E0%A4%A").path, ["a", "%E0%A4%A"]);
});

test("Parts of a path are escaped", () => {
  assert.equal(at`api/boards/${"p/1"}/${"b?"}`, "api/boards/p%2F1/b%3F");
});

test("A refusal keeps the host's sentence and its field; anything else keeps its status", () => {
  assert.deepEqual(problemOf(422, '{"title":"Invalid","detail":"limitW must be a number.","field":"limitW"}'), { status: 422, title: "Invalid", detail: "limitW must be a number.", field: "limitW" });
  assert.deepEqual(problemOf(502, "<html>"), { status: 502, title: "", detail: "", field: "" });
});
