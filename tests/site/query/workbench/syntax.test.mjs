// The tokens of a query, whole or half-written.
import assert from "node:assert/strict";
import { test } from "node:test";

import { syntaxOf, tokensOf } from "../../../../web/query/workbench/syntax.ts";

const said = (text) => tokensOf(text).map(({ kind, text: it }) => `${kind} ${it}`);

test("each token has its kind, its text and its place", () => {
  assert.deepEqual(said("ASK { ?s a rn:Stage ; <urn:p> 'x'@fr, -1.5e3, true } # end"), [
    "word ASK",
    "sign {",
    "variable ?s",
    "word a",
    "name rn:Stage",
    "sign ;",
    "iri <urn:p>",
    "string 'x'",
    "language @fr",
    "sign ,",
    "number -1.5e3",
    "sign ,",
    "word true",
    "sign }",
    "comment # end",
  ]);
  const text = "SELECT * {\n  ?s ^rn:p/rn:q* '''a\nb''' }";
  for (const token of tokensOf(text)) assert.equal(text.slice(token.from, token.to), token.text);
});

test("only a query without a mistake is whole", () => {
  assert.equal(syntaxOf("ASK { ?s ?p ?o }").whole, true);
  for (const text of ["ASK { ?s ?p }", "SELECT", "ASK { ?s ?p 'x }"]) assert.equal(syntaxOf(text).whole, false, text);
});

test("a function of hashes is one word, whatever the grammar makes of its digits", () => {
  for (const name of ["MD5", "SHA1", "sha256", "SHA384", "SHA512"]) {
    const text = `SELECT (${name} (?o) AS ?hash) { ?s ?p ?o }`;
    assert.equal(syntaxOf(text).whole, true, text);
    assert.deepEqual(said(text).slice(2, 5), [`word ${name}`, "sign (", "variable ?o"]);
  }
  assert.deepEqual(said("ASK { ?s ex:md5 'SHA1(' }").slice(3, 5), ["name ex:md5", "string 'SHA1('"]);
});

test("to be less than is no beginning of an IRI", () => {
  assert.deepEqual(said("ASK { FILTER(?a<?b&&?c>=2) }").slice(3, -2), [
    "sign (",
    "variable ?a",
    "sign <",
    "variable ?b",
    "sign &&",
    "variable ?c",
    "sign >=",
    "number 2",
  ]);
});

test("a text that nobody closed goes on to the end of its line, one of several lines to the end", () => {
  assert.equal(said("ASK { ?s ?p 'half a\n}").at(-2), "string 'half a");
  assert.equal(said('ASK { ?s ?p """half\n a } # no').at(-1), 'string """half\n a } # no');
  assert.equal(said("ASK { ?s ?p 'it\\'s").at(-1), "string 'it\\'s");
});

test("what is no SPARQL at all has tokens too", () => {
  assert.deepEqual(said("}} é ] a:b @prefix 5 «"), [
    "sign }",
    "sign }",
    "word é",
    "sign ]",
    "name a:b",
    "language @prefix",
    "number 5",
    "word «",
  ]);
  assert.equal(tokensOf("{".repeat(5000)).length, 5000);
});
