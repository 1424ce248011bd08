// Where in a query something is written, however little is.
import assert from "node:assert/strict";
import { test } from "node:test";

import { situation } from "../../../../web/query/workbench/situation.ts";

/** Where the sign ‸ stands in a query, perhaps half-written; of which classes the subject is. */
const PLACES = [
  ["‸SEL", "clause"],
  ["SELECT * { ?s ‸ }", "predicate"],
  ["SELECT * { ?s a ‸", "class"],
  ["SELECT * { ?s <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ‸", "class"],
  ["SELECT * { ?s a :A, :B ; ‸", "predicate of :A :B"],
  ["SELECT * { OPTIONAL { ?s a :A } ?t a :B . ?s ‸ }", "predicate of :A"],
  ["SELECT * { ?s ‸ ?o . ?s a :A }", "predicate of :A"],
  ["SELECT * { ?s :p/‸ }", "predicate"],
  ["SELECT * { ?s (:p|^‸) }", "predicate"],
  ["SELECT * { ?s (:p|:q)* ‸ }", "object"],
  ["SELECT * { ?s :p 'x'@fr, ‸ }", "object"],
  ['SELECT * { ?s :p "1"^^:d ; ‸ }', "predicate"],
  ["SELECT * { ?s :p [ a :A ; ‸ ] }", "predicate of :A"],
  ["SELECT * { ?s :p [ a :A ] ; ‸ }", "predicate"],
  ["SELECT * { ?s :p (1 2) ; ‸ }", "predicate"],
  ["SELECT * { ?s :p 1.5 . FILTER (?x > 2) ‸ }", "subject"],
  ["SELECT * { FILTER (‸) }", "expression"],
  ["SELECT * { VALUES ?x { ‸ } }", "values"],
  ["SELECT * { VALUES ?x { :a } ?x ‸ }", "predicate"],
  ["SELECT * { GRAPH ‸ }", "graph"],
  ["SELECT * { { SELECT ?x { ?x ‸ } } }", "predicate"],
  ["SELECT * { } ORDER BY ‸", "clause"],
  ["ASK { } # half a ‸word", "text"],
  ["ASK { ?s :p 'half a ‸", "text"],
  ["ASK { ?s :p 'whole'‸", "after"],
  ["ASK { ?s :p 'who‸le' }", "text"],
  ["# all of it‸", "text"],
  ["}}} ] ) ‸", "clause"],
  ["SELECT * { ?s <http://‸x", "iri"],
  ["SELECT * { FILTER(?a<‸?b) }", "expression"],
];

test("where a term is written is known however little is written", () => {
  for (const [query, place] of PLACES) {
    const [text, at] = [query.replace("‸", ""), query.indexOf("‸")];
    const found = situation(text, at, (name) => name);
    const classes = found.classes ?? [];
    assert.equal(found.place + (classes.length ? ` of ${classes.join(" ")}` : ""), place, query);
  }
});

test("a class is known by its IRI however it is written", () => {
  const text = "SELECT * { ?s a rn:Stage, <urn:b> ; ";
  const { classes } = situation(text, text.length, (name) => name.replace("rn:", "urn:rn#"));
  assert.deepEqual(classes, ["urn:rn#Stage", "urn:b"]);
});

test("at every place of a query there is an answer", () => {
  const query = "PREFIX : <urn:> SELECT ?s (COUNT(*) AS ?n) { ?s :p/:q [ a :A ], (1 'x') FILTER(?s<3) } # end";
  for (let end = 0; end <= query.length; end++)
    for (let at = 0; at <= end; at++) assert.ok(situation(query.slice(0, end), at, (name) => name).place);
});
