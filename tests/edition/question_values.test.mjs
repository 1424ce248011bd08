// A question of an edition with values of one's own.
import assert from "node:assert/strict";
import { test } from "node:test";

import { bound } from "../../web/edition/question_values.ts";

const READING = { terms: "urn:t#", things: "urn:id/", ask: async () => ({ results: { bindings: [] } }) };

test("a word is put in where a text stands, an address where any thing does", async () => {
  const query = 'SELECT * { VALUES ?only { "stages" } VALUES ?stage { UNDEF } { VALUES ?only { "stages" } } }';
  const values = /** @type {[string, string][]} */ ([
    ["only", 'clo"sing'],
    ["stage", "stage/dole"],
    ["none", "x"],
  ]);
  assert.equal(
    await bound(query, values, /** @type {any} */ (READING)),
    String.raw`SELECT * { VALUES ?only { "clo\"sing" } VALUES ?stage { <urn:id/stage/dole> } { VALUES ?only { "clo\"sing" } } }`,
  );
});
