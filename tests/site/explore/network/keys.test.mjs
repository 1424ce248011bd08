// Arrows in a drawing.
import assert from "node:assert/strict";
import { test } from "node:test";

import { neighbour } from "../../../../web/explore/network/network.ts";

const PLACES = { here: [0, 0], near: [10, 1], far: [90, 0], above: [2, -40], unlinked: [5, 0] };
const things = Object.values(PLACES).map(([x, y], index) => ({ x, y, index }));
const links = [1, 2, 3].map((other) => ({ one: 0, other, certainty: "" }));

test("an arrow goes to the nearest neighbour that lies that way, and to nothing else", () => {
  const ways = { right: [1, 0], up: [0, -1], left: [-1, 0], down: [0, 1] };
  const found = Object.entries(ways).map(([name, way]) => [name, neighbour({ things, links }, things[0], way)?.index]);
  assert.deepEqual(Object.fromEntries(found), { right: 1, up: 3, left: undefined, down: undefined });
});
