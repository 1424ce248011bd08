// The file of a narrowed list.
import assert from "node:assert/strict";
import { test } from "node:test";

import { fileOf } from "../../web/edition/narrowed.ts";

test("rows are those that are shown, with what is told of them, and cells are quoted where they must be", async () => {
  const names = ["plain", 'with "quotes"', "with, comma"];
  const rows = names.map((label) => ({ thing: "urn:x", label, certainty: "explicit", evidence: "" }));
  const address = `data:application/json,${encodeURIComponent(JSON.stringify(rows))}`;
  const text = async (suffix) => (await fileOf(address, suffix, [], [2, 1], [{}, {}])).text();
  const [head, ...lines] = (await text("csv")).trimEnd().split("\r\n");
  const at = head.split(",").indexOf("label");
  assert.ok(at >= 0, head);
  assert.deepEqual(lines.length, 2);
  assert.ok(lines[0].includes('"with, comma"') && lines[1].includes('"with ""quotes"""'), lines.join("\n"));
  assert.deepEqual(
    JSON.parse(await text("json")).map((it) => it.label),
    [names[2], names[1]],
  );
});
