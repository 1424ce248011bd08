// Names that are asked of the server, for many things at once.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { Names } from "../../../../web/query/workbench/names.ts";

/** What was asked of a server that knows the names of all that end with an even digit; it fails while it is `down`. */
const asked = [];
let down = false;
const server = createServer((request, response) => {
  const iris = new URL(request.url ?? "", "http://x").searchParams.getAll("iri");
  asked.push(iris);
  const names = Object.fromEntries(
    iris.filter((it) => /[02468]$/.test(it)).map((it) => [it, { label: `name of ${it}` }]),
  );
  response.statusCode = down ? 503 : 200;
  response.end(down ? "busy" : JSON.stringify({ names }));
});
let address = "";

before(async () => {
  await new Promise((ready) => {
    server.listen(0, "127.0.0.1", () => ready(undefined));
  });
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  address = `http://127.0.0.1:${port}/names.json`;
  Object.assign(globalThis, { window: { location: { href: address } } });
});
after(() => server.close());

test("each thing is asked for once, many at once, and known then", async () => {
  asked.length = 0;
  const names = new Names(address);
  const iris = Array.from({ length: 130 }, (_, n) => `urn:${n}`);
  assert.equal(await names.want([...iris, ...iris]), true);
  assert.deepEqual(
    asked.map(({ length }) => length),
    [60, 60, 10],
  );
  assert.equal(names.of("urn:4")?.label, "name of urn:4");
  assert.equal(names.of("urn:5"), undefined);
  assert.equal(await names.want(iris), false);
  assert.equal(asked.length, 3);
});

test("nothing is asked for where nothing is wanted, and no address is too long", async () => {
  asked.length = 0;
  const names = new Names(address);
  assert.equal(await names.want([]), false);
  assert.equal(await names.want([`urn:${"x".repeat(2000)}2`]), false);
  await names.want(Array.from({ length: 20 }, (_, n) => `urn:${"é".repeat(150)}${n}`));
  assert.equal(asked.length, 4);
});

test("what failed is asked for again", async () => {
  const names = new Names(address);
  down = true;
  assert.equal(await names.want(["urn:2"]), false);
  down = false;
  assert.equal(await names.want(["urn:2"]), true);
});
