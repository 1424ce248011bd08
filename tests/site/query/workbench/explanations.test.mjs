// What a query is made of, and what in it is known to cost.
import assert from "node:assert/strict";
import { test } from "node:test";

import { amountOf } from "../../../../web/query/workbench/explaining/amounts.js";
import { nearness, written } from "../../../../web/query/workbench/explaining/near.js";
import { hintsOf } from "../../../../web/query/workbench/explaining/slow.js";
import { patternsOf, read } from "../../../../web/query/workbench/explaining/structure.js";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const whole = (text) => read(text) ?? assert.fail(`${text} is not read`);
const kinds = (elements) =>
  elements.map(({ kind, groups = [] }) => (groups.length ? [kind, ...groups.map(kinds)] : kind));

test("a query is read into patterns of one triple, filters and groups", () => {
  const query =
    "SELECT ?s { ?s a :A ; :p 1, 2 FILTER (?x && ?y) OPTIONAL { ?s :q ?z } { ?s :r ?a } UNION { ?s :t ?b } }";
  assert.deepEqual(kinds(whole(query).elements), [
    "triple",
    "triple",
    "triple",
    "filter",
    "filter",
    ["optional", ["triple"]],
    ["union", ["triple"], ["triple"]],
  ]);
});

test("each pattern stands by itself, with variables for blank nodes", () => {
  const texts = patternsOf(whole("ASK { ?s :p [ :q (1 ?x) ] . _:node0 :r _:node0 }").elements).map(({ text }) => text);
  assert.equal(texts.length, 7);
  assert.equal(texts.filter((text) => text.includes("_:")).length, 0);
  const [, subject, object] = texts[6].match(/^(\S+) :r (\S+) \.$/) ?? [];
  assert.equal(subject, object);
});

test("what is not SPARQL 1.1 or nested too deeply is not read", () => {
  for (const text of [
    "ASK { ?s ?p }",
    "ASK { ?s <<( ?a ?b ?c )>> ?o }",
    "",
    `ASK ${"{".repeat(200)}${"}".repeat(200)}`,
  ])
    assert.equal(read(text), null);
});

test("what is known to cost is named", () => {
  const hints = (text) => hintsOf(whole(text)).map(({ kind }) => kind);
  assert.deepEqual(hints("SELECT * { ?a :p ?b . ?c :q ?d }"), ["product"]);
  assert.deepEqual(hints("SELECT * { ?a :p ?b . ?c :q ?d FILTER (?b < ?d) }"), []);
  assert.deepEqual(hints("SELECT * { ?a :p* ?b }"), ["path"]);
  assert.deepEqual(hints("SELECT * { :a :p* ?b }"), []);
  assert.deepEqual(hints("SELECT * { ?a ?b ?c }"), ["everything"]);
  assert.deepEqual(hints("SELECT * { ?a :p ?b FILTER (CONTAINS(?b, 'x')) } ORDER BY ?b"), ["text", "ordered"]);
  assert.deepEqual(hints("SELECT * { OPTIONAL { ?a :p ?b } ?a :q ?c }"), ["optional"]);
  assert.deepEqual(hints("SELECT * { ?a :q ?c . ?b :r ?c OPTIONAL { ?a :p ?b } }"), []);
  assert.deepEqual(hints("SELECT * { { ?a :p ?b . ?c :p ?d } UNION { ?a :p ?b } }"), ["product"]);
});

const literal = (value, datatype, language) => ({ type: "literal", value, datatype, "xml:lang": language });

test("a value is near in its language, its type, its letters or its amount", () => {
  const text = literal("Dole");
  assert.equal(nearness(text, literal("Dole", undefined, "fr")).way, "language");
  assert.equal(nearness(text, literal("Dole", `${XSD}token`)).way, "datatype");
  assert.equal(nearness(text, literal("Étape de Dole")).way, "letters");
  assert.equal(nearness(text, literal("Vesoul")).way, "instead");
  assert.equal(nearness(text, { type: "uri", value: "Dole" }).way, "instead");
  assert.deepEqual(nearness(literal("7", `${XSD}integer`), literal("4", `${XSD}integer`)), {
    way: "amount",
    like: 0,
    by: -3,
  });
});

test("numbers and days are amounts, other texts are none", () => {
  assert.deepEqual(amountOf(literal("1.5", `${XSD}decimal`)), { kind: "number", at: 1.5 });
  assert.deepEqual(amountOf(literal("2013", `${XSD}gYear`)), { kind: "day", at: Date.UTC(2013, 0, 1) });
  for (const term of [literal("7"), literal("x", `${XSD}date`), literal("NaN", `${XSD}double`)])
    assert.equal(amountOf(term), null);
});

test("a term is written by the prefixes that the query declares", () => {
  const query = { text: "PREFIX a: <urn:a#> ASK {}" };
  assert.equal(written({ type: "uri", value: "urn:a#b" }, query), "a:b");
  assert.equal(written({ type: "uri", value: "urn:a#b/c" }, query), "<urn:a#b/c>");
  assert.equal(written(literal("1", "urn:a#d"), query), '"1"^^a:d');
});
