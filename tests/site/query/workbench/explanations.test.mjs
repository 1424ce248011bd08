// What in a query is known to cost.
import assert from "node:assert/strict";
import { test } from "node:test";

import { hintsOf } from "../../../../web/query/workbench/explaining/slow.ts";
import { read } from "../../../../web/query/workbench/explaining/structure.ts";

const whole = (text) => read(text) ?? assert.fail(`${text} is not read`);

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
