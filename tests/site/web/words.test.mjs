// The words that scripts say.
import assert from "node:assert/strict";
import { test } from "node:test";

import { said } from "../../../web/base/words.ts";

test("values are put where a text names them, as text", () => {
  assert.equal(said("{n} of {all}, {n}", { n: 3, all: "$&" }), "3 of $&, 3");
  assert.equal(said("{n", { n: 1 }), "{n");
});
