// Queries that are written for others: a mend, a narrower one, a title.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Handle } from "../../../../web/query/workbench/handle.js";
import { titleOf } from "../../../../web/query/workbench/kept.js";
import { difference } from "../../../../web/query/workbench/mend.js";
import { narrowed } from "../../../../web/query/workbench/narrowing.js";
import { written } from "../../../../web/query/workbench/written_terms.js";

const uri = (value) => ({ type: "uri", value });

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

test("a query is nested whole, its prefixes and FROM before it, its order after it once more", () => {
  const query = "PREFIX : <urn:>\nSELECT ?s FROM <urn:g> { ?s a :FROM } ORDER BY ?s LIMIT 3";
  assert.equal(
    narrowed(query, ["s"], new Map([["s", [uri("urn:a"), undefined]]])),
    `PREFIX : <urn:>
SELECT ?s
FROM <urn:g>
WHERE {
  {
    SELECT ?s  { ?s a :FROM } ORDER BY ?s LIMIT 3
  }
  FILTER (sameTerm(?s, <urn:a>) || !BOUND(?s))
}
ORDER BY ?s
`,
  );
});

test("only a SELECT can be nested, and a blank node has no name", () => {
  assert.equal(narrowed("ASK { ?s ?p ?o }", [], new Map()), undefined);
  assert.equal(narrowed("SELECT * { ?s ?p ?o }", ["s"], new Map([["s", [{ type: "bnode", value: "b" }]]])), undefined);
});

test("a term is written so that it means the same", () => {
  assert.equal(written(uri('urn:a"b')), "<urn:a\\u0022b>");
  assert.equal(written({ type: "literal", value: 'a\n"b"\\', "xml:lang": "fr" }), '"a\\n\\"b\\"\\\\"@fr');
  assert.equal(written({ type: "literal", value: "1", datatype: "urn:d" }), '"1"^^<urn:d>');
});

test("a query is called by its first comment, else by how it begins", () => {
  assert.equal(titleOf("PREFIX a: <urn:a>\n# Where they met\nASK {}", "new"), "Where they met");
  assert.equal(titleOf("#+ summary_en: Who?\nASK {}", "new"), "Who?");
  assert.equal(titleOf("PREFIX a: <urn:a>\nBASE <urn:>\nASK { a:x ?p ?o }", "new"), "ASK { a:x ?p ?o }");
  assert.equal(titleOf(" \n", "new"), "new");
  assert.equal(titleOf(`# ${"x".repeat(50)}`, "new"), `${"x".repeat(39)}…`);
});
