// The rows of an answer: their values, their order, which of them are shown.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Refining, Rows } from "../../../../web/query/workbench/rows.ts";

Object.assign(globalThis, { document: { documentElement: { lang: "en" } } });
const XSD = "http://www.w3.org/2001/XMLSchema#";
const text = (value, language) => ({ type: "literal", value, ...(language && { "xml:lang": language }) });
const number = (value) => ({ type: "literal", value: String(value), datatype: `${XSD}integer` });
const uri = (value) => ({ type: "uri", value });

/** Knows some names, as if the server had told them. */
const names = (known) => ({ known: new Map(Object.entries(known)), of: (iri) => known[iri], want: async () => false });
const rowsOf = (columns, rows, known = {}) => new Rows({ columns, rows, names: names(known) });

const PEOPLE = rowsOf(
  ["who", "n"],
  [
    { who: uri("urn:b"), n: number(10) },
    { who: uri("urn:a"), n: number(9) },
    { who: text("Éa"), n: text("ten") },
    { n: number(9) },
    { who: uri("urn:b") },
  ],
  { "urn:a": { label: "Zoé" }, "urn:b": { label: "Émile" } },
);

test("each column is looked through once, and the same terms have the same number", () => {
  const who = PEOPLE.of("who");
  assert.equal(PEOPLE.of("who"), who);
  assert.deepEqual([...who.codes], [1, 2, 3, 0, 1]);
  assert.deepEqual([...who.counts()], [1, 2, 1, 1]);
  assert.deepEqual([...who.counts(Uint8Array.of(1, 0, 0, 1, 0))], [1, 1, 0, 0]);
});

test("terms that differ in language, type or kind are different values", () => {
  const terms = [text("1"), text("1", "fr"), number(1), uri("1"), { type: "bnode", value: "1" }, text("1")];
  assert.deepEqual(
    [
      ...rowsOf(
        ["x"],
        terms.map((x) => ({ x })),
      ).of("x").codes,
    ],
    [1, 2, 3, 4, 5, 1],
  );
});

test("rows are sorted by numbers, then by names without accents, what is not bound last either way", async () => {
  assert.deepEqual([...(await PEOPLE.sorted("n", 1))], [1, 3, 0, 2, 4]);
  assert.deepEqual([...(await PEOPLE.sorted("who", 1))], [2, 0, 4, 1, 3]);
  assert.deepEqual([...(await PEOPLE.sorted("who", -1))], [1, 0, 4, 2, 3]);
});

test("rows that have each word somewhere in the columns that are shown pass", async () => {
  const refining = new Refining(PEOPLE);
  await refining.look("emile 10", ["who", "n"]);
  assert.deepEqual([...(refining.mask() ?? [])], [1, 0, 0, 0, 0]);
  await refining.look("emile 10", ["who"]);
  assert.deepEqual([...(refining.mask() ?? [])], [0, 0, 0, 0, 0]);
  await refining.look("  ", ["who"]);
  assert.equal(refining.mask(), undefined);
});

test("values of one column are alternatives, columns add up, and a column may be left out", () => {
  const refining = new Refining(PEOPLE);
  refining.choose("who", 1, true);
  refining.choose("who", 2, true);
  assert.deepEqual([...(refining.mask() ?? [])], [1, 1, 0, 0, 1]);
  refining.choose("n", 2, true);
  assert.deepEqual([...(refining.mask() ?? [])], [0, 1, 0, 0, 0]);
  assert.deepEqual([...(refining.mask("n") ?? [])], [1, 1, 0, 0, 1]);
  refining.choose("n", 2, false);
  refining.only("who", new Set());
  assert.equal(refining.mask(), undefined);
});

test("a thing is read by its name, or by its address where that is wanted", () => {
  assert.equal(PEOPLE.plain(uri("urn:a")), "Zoé");
  const rows = rowsOf(["x"], [], { "urn:a": { label: "Zoé" } });
  rows.addresses = true;
  assert.equal(rows.plain(uri("urn:a")), "urn:a");
  const triple = { type: "triple", value: { subject: uri("urn:a"), predicate: uri("urn:p"), object: text("o") } };
  assert.equal(rows.plain(triple), "<<( urn:a urn:p o )>>");
});
