// The prefixes of a query.
import assert from "node:assert/strict";
import { test } from "node:test";

import { iris, prefixesOf } from "../../../../web/query/workbench/syntax.ts";

test("prefixes are declared, or used without", () => {
  const { declared, missing } = prefixesOf(
    "PREFIX a: <urn:a#>\nprefix : <urn:>\nASK { ?s a:x :y . ?s b:z _:n } # c:no 'd:no'",
  );
  assert.deepEqual(
    [...declared],
    [
      ["a", "urn:a#"],
      ["", "urn:"],
    ],
  );
  assert.deepEqual(missing, ["b"]);
});

test("a prefix that is being declared is declared, though to nothing yet", () => {
  const { declared, missing } = prefixesOf("PREFIX a:\nASK { ?s a:x ?o }");
  assert.deepEqual([...declared], [["a", ""]]);
  assert.deepEqual(missing, []);
});

test("a name is read by the query's own prefixes, else by ours, else not", () => {
  const iriOf = iris("PREFIX a: <urn:a#> ASK {}", { a: "urn:other#", b: "urn:b#" });
  assert.deepEqual(["a:x", "b:y", "c:z", "constructor:x"].map(iriOf), ["urn:a#x", "urn:b#y", "c:z", "constructor:x"]);
});
