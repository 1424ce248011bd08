// Queries that are written for others: a mend, a title.
import assert from "node:assert/strict";
import { test } from "node:test";

import { difference, Handle } from "../../../../web/query/workbench/handle.ts";
import { titleOf } from "../../../../web/query/workbench/tabs.ts";
import { written } from "../../../../web/query/workbench/cells.ts";

test("a change is no longer than it must be", () => {
  assert.deepEqual(difference("SELCT ?s", "SELECT ?s"), { from: 3, to: 3, insert: "E" });
  assert.deepEqual(difference("aa", "aaa"), { from: 2, to: 2, insert: "a" });
  assert.deepEqual(difference("same", "same"), { from: 4, to: 4, insert: "" });
  for (const [now, text] of [
    ["ASK {", "ASK { }"],
    ["xyx", "x"],
    ["", "a"],
    ["a", ""],
  ]) {
    const { from, to, insert } = difference(now, text);
    assert.equal(now.slice(0, from) + insert + now.slice(to), text);
  }
});

test("a part of a query is found again where what stands before it has changed", () => {
  const query = "ASK { ?s a rn:Stge }";
  const part = { from: 11, to: 18 };
  const placed = (now) => new Handle(/** @type {any} */ ({ text: () => now })).placeOf(query, part);
  assert.deepEqual(placed(`# a comment\n${query}`), { from: 23, to: 30 });
  assert.deepEqual(placed(`${query} # after`), part);
  assert.equal(placed("ASK { ?s a rn:Stage }"), null);
});

test("a query is called by its first comment, else by how it begins", () => {
  assert.equal(titleOf("PREFIX a: <urn:a>\n# Where they met\nASK {}", "new"), "Where they met");
  assert.equal(titleOf("#+ summary_en: Who?\nASK {}", "new"), "Who?");
  assert.equal(titleOf("PREFIX a: <urn:a>\nBASE <urn:>\nASK { a:x ?p ?o }", "new"), "ASK { a:x ?p ?o }");
  assert.equal(titleOf(" \n", "new"), "new");
  assert.equal(titleOf(`# ${"x".repeat(50)}`, "new"), `${"x".repeat(39)}…`);
});

test("a term is written so that it means the same", () => {
  assert.equal(written({ type: "uri", value: 'urn:a"b' }), "<urn:a\\u0022b>");
});
