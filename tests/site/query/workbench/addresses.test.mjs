// What an address holds: a query, a view, what is chosen.
import assert from "node:assert/strict";
import { test } from "node:test";

import { choiceRead, choiceWritten } from "../../../../web/query/workbench/facets.ts";
import { fitting, permalink, queryOf, viewIn, withView } from "../../../../web/query/workbench/address.ts";

const HERE = "https://example.org/sparql?lang=en&view.sort=n#old";
Object.assign(globalThis, { window: Object.assign(globalThis, { location: { href: HERE } }) });
const LONG = `SELECT * { ?s ?p "${"é😀 x".repeat(900)}" }`;

test("a short query is read in the address, with its release and without the old view", async () => {
  const address = await permalink("ASK { ?s ?p 'é&#' }", "abc");
  assert.equal(
    address,
    "https://example.org/sparql?lang=en&release=abc&query=ASK+%7B+%3Fs+%3Fp+%27%C3%A9%26%23%27+%7D",
  );
  assert.equal(await queryOf(address), "ASK { ?s ?p 'é&#' }");
});

test("a long query is compressed after the # and had back letter by letter", async () => {
  const address = await permalink(LONG, undefined);
  assert.match(address, /^https:\/\/example\.org\/sparql\?lang=en#q=[\w-]+$/);
  assert.ok(address.length < LONG.length / 4);
  assert.equal(await queryOf(address), LONG);
});

test("an address without a query has none, a damaged one says so", async () => {
  assert.equal(await queryOf("https://example.org/sparql#about"), undefined);
  const address = await permalink(LONG, undefined);
  await assert.rejects(queryOf(address.slice(0, -20)));
  await assert.rejects(queryOf("https://example.org/sparql#q=!!"));
});

test("what would unfold to more than a query may have is refused", async () => {
  const address = await permalink(`ASK {} #${"x".repeat(3 << 20)}`, undefined);
  await assert.rejects(queryOf(address), /too long/);
});

test("a view is in the address by its names, and nothing else is touched", () => {
  const address = withView(HERE, { order: "b.a", "only.s": "x*y" });
  assert.equal(address, "https://example.org/sparql?lang=en&view.order=b.a&view.only.s=x*y#old");
  assert.deepEqual(viewIn(address), { order: "b.a", "only.s": "x*y" });
  assert.deepEqual(viewIn(withView(address)), {});
});

test("of a view the longest parts are left out until the rest fits", () => {
  const view = { sort: "n", "only.a": "x".repeat(600), "only.b": "é".repeat(300) };
  assert.deepEqual(Object.keys(fitting(view)), ["sort", "only.a"]);
  assert.deepEqual(fitting({ sort: "n" }), { sort: "n" });
});

const uri = (value) => ({ type: "uri", value });
const TERMS = [undefined, uri("urn:a/dole"), uri("urn:b/dole"), uri("urn:a#belfort"), { type: "literal", value: "-" }];

test("what is chosen is short where that names one value alone", () => {
  assert.equal(choiceWritten(TERMS, [0, 3]), "-*belfort");
  assert.equal(choiceWritten(TERMS, [1]), "<urn:a/dole>");
  assert.equal(choiceWritten(TERMS, [4]), '"-"');
  for (const codes of [[0], [1, 2], [3, 4], [0, 1, 2, 3, 4]])
    assert.deepEqual([...choiceRead(TERMS, choiceWritten(TERMS, codes))].sort(), codes);
});

test("a choice with a blank node cannot be written, and what is not there is not chosen", () => {
  assert.equal(choiceWritten([undefined, { type: "bnode", value: "b0" }], [1]), "");
  for (const damaged of ["dole*nowhere*<urn:none>", "", "**", "<urn:a/dole", "constructor"])
    assert.deepEqual([...choiceRead(TERMS, damaged)], []);
});
