// The queries that a browser keeps.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Kept, KEY } from "../../../../web/query/workbench/tabs.ts";

const kept = {};
const localStorage = {
  getItem: (name) => kept[name] ?? null,
  setItem: (name, value) => {
    kept[name] = value;
  },
};
globalThis.window = { localStorage };

/** Returns the queries as a page finds them that comes next. */
function found(first, before) {
  if (before === undefined) delete kept[KEY];
  else kept[KEY] = before;
  return new Kept(first);
}

test("what was kept is there for the next page, what is damaged is forgotten", () => {
  const { tabs } = found("A");
  assert.deepEqual(tabs, ["A"]);
  const here = found("A");
  here.open("B");
  here.note("B");
  const next = new Kept("A");
  assert.deepEqual([next.tabs, next.query, next.run], [["A", "B"], "B", ["B"]]);
  next.forget();
  assert.deepEqual(new Kept("A").run, []);
  for (const damaged of ["{", "[1]", '{"tabs": [1, {}], "current": "x", "run": 7}', "null"])
    assert.deepEqual({ ...found("A", damaged) }, { ...found("A") }, damaged);
});

test("what is closed is had back, also what was one too many", () => {
  const here = found("0");
  for (let number = 1; number < 31; number += 1) here.open(String(number));
  assert.equal(here.tabs.length, 30);
  assert.ok(!here.tabs.includes("0"));
  here.reopen();
  assert.equal(here.query, "0");
  for (let number = 0; number < 30; number += 1) here.close();
  assert.deepEqual(here.tabs, [""]);
});

test("what links open takes one tab until it is changed or run", () => {
  const here = found("ours", '{"tabs": ["mine"]}');
  for (const query of ["one", "two"]) here.pass(query);
  assert.deepEqual(here.tabs, ["mine", "two"]);
  here.write("two, changed");
  here.pass("three");
  here.note("three");
  here.pass("four");
  assert.deepEqual(here.tabs, ["mine", "two, changed", "three", "four"]);
});

test("what another window keeps comes, and the query of this one stays", () => {
  const here = found("A");
  here.keep();
  const other = new Kept("A");
  other.open("B");
  here.renew();
  assert.deepEqual([here.tabs, here.query], [["A", "B"], "A"]);
  here.write("A, changed");
  other.renew();
  assert.deepEqual([other.tabs, other.query], [["A, changed", "B"], "B"]);
});

test("where nothing can be kept queries last as long as the page, and that is known", () => {
  const here = found("A");
  here.open("B");
  assert.ok(here.lasting);
  localStorage.setItem = () => {
    throw new DOMException("full");
  };
  here.open("C");
  assert.deepEqual([here.tabs, here.lasting], [["A", "B", "C"], false]);
});
