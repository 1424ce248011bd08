// How texts are compared: likeness, and terms that are written nearly right.
import assert from "node:assert/strict";
import { test } from "node:test";

import { LIKE, likeness } from "../../../../web/base/folding.ts";
import { misspelt } from "../../../../web/query/workbench/faults.ts";

const NEAR = [
  ["Etape de Dole", "Étape de Dole"],
  ["Etape Dole", "Étape de Dole"],
  ["Dole", "Étape de Dole"],
  ["conditions de travial", "conditions de travail"],
  ["carriedby", "carriedBy"],
  ["startDat", "startDate"],
  ["telé-travail", "télétravail"],
  ["Stge", "Stage"],
];
const FAR = [
  ["Étape de Dole", "Étape de Vesoul"],
  ["Étape de Lyon", "étape"],
  ["conditions de travail des femmes", "conditions de travail des hommes"],
  ["carnet-2-843", "carnet-2-844"],
  ["Carnet 2", "Carnet 3"],
  ["startDate", "startTime"],
  ["de", "Étape de Dole"],
  ["", "Étape de Dole"],
  ["…", "Étape de Dole"],
];

test("one other word or number is another thing", () => {
  for (const [written, other] of NEAR) assert.ok(likeness(written, other) >= LIKE, `${written} is near ${other}`);
  for (const [written, other] of FAR) assert.ok(likeness(written, other) < LIKE, `${written} is not near ${other}`);
});

test("a text is as like to itself as can be, and accents and case make no difference", () => {
  assert.equal(likeness("Étape de Dole", "etape de dole"), 1);
  assert.equal(likeness("x".repeat(300), "x".repeat(300)), 0);
});

/** What a term that the graph has not is likely to be. */
const MEANT = [
  ["ASK { ?s a rn:Stge }", "rn:Stage"],
  ["ASK { ?s rn:locaton ?o }", "rn:location"],
  ["ASK { ?s a rn:Stage ; rn:location ?o }", null],
  ["ASK { ?s a rn:Quite_else }", null],
  ["ASK { ?s ?p rn:Stge }", null],
  ["ASK { ?s a other:Stge }", null],
  ["PREFIX mine: <urn:rn#>\nASK { ?s a mine:stage }", "mine:Stage"],
  ["ASK { ?s ?p 'a rn:Stge' } # a rn:Stge", null],
  [`ASK { ?s a rn:${"x".repeat(30_000)} }`, null],
];

test("a term that is not there is doubted where one is near", () => {
  const terms = ["Stage", "location"].map((name) => ({ iri: `urn:rn#${name}`, name, label: name, uses: 1 }));
  for (const [query, meant] of MEANT)
    assert.equal(misspelt(query, terms, { rn: "urn:rn#" })?.meant ?? null, meant, query.slice(0, 80));
  const found = misspelt("ASK { ?s a rn:Stge } # rn:Stge", terms, { rn: "urn:rn#" });
  assert.equal(found?.query, "ASK { ?s a rn:Stage } # rn:Stge");
});
