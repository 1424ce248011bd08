// What is drawn of an answer: kinds of columns, values added up, places.
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  cast,
  columnsOf,
  DRAWN,
  fitting,
  kindOf,
  pointOf,
  Shown,
  timeOf,
} from "../../../../web/query/workbench/charts/drawn.ts";
import { projection } from "../../../../web/query/workbench/charts/plotted.ts";
import { networkOf } from "../../../../web/query/workbench/charts/network.ts";
import { Rows } from "../../../../web/query/workbench/rows.ts";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const WKT = "http://www.opengis.net/ont/geosparql#wktLiteral";
const uri = (value) => ({ type: "uri", value });
const literal = (value, datatype) => ({ type: "literal", value: String(value), datatype });
const names = { known: new Map(), of: () => undefined, want: async () => false };

test("a column is of the kind of nearly all its values", () => {
  const numbers = Array.from({ length: 9 }, (_, n) => literal(n, `${XSD}integer`));
  assert.equal(kindOf([undefined, ...numbers, literal("x")]), "number");
  assert.equal(kindOf([...numbers.slice(2), literal("x"), literal("y")]), "text");
  assert.equal(kindOf([uri("urn:a")]), "thing");
  assert.equal(kindOf([undefined]), undefined);
});

test("days, months and years are times, what is no day is none", () => {
  assert.equal(timeOf(literal("2013-04-08", `${XSD}date`))?.toISOString(), "2013-04-08T00:00:00.000Z");
  assert.equal(timeOf(literal("2013", `${XSD}gYear`))?.getUTCFullYear(), 2013);
  assert.equal(timeOf(literal("2013-13-45", `${XSD}date`)), undefined);
  assert.equal(timeOf(literal("2013-04-08")), undefined);
});

test("a point has its latitude first, and is on earth", () => {
  assert.deepEqual(pointOf(literal("POINT(5.5 47.1)", WKT)), [47.1, 5.5]);
  assert.equal(pointOf(literal("POINT(5.5 147.1)", WKT)), undefined);
});

test("values of rows that say one thing are added up, rows without a number are left out and counted", () => {
  const rows = [
    { a: literal("x"), n: literal(2, `${XSD}integer`) },
    { a: literal("y"), n: literal(5, `${XSD}integer`) },
    { a: literal("x"), n: literal(-4, `${XSD}integer`) },
    { a: literal("z") },
  ];
  const all = new Rows({ columns: ["a", "n"], rows, names });
  const columns = columnsOf(all, ["a", "n"]);
  assert.equal(fitting(columns)[0], "bars");
  const drawn = DRAWN.bars(new Shown(all, rows.keys(), names), cast("bars", columns) ?? assert.fail());
  assert.deepEqual(
    drawn.items.map(({ what, value }) => [what?.value, value]),
    [
      ["y", 5],
      ["x", -2],
    ],
  );
  assert.deepEqual([drawn.all, drawn.out, drawn.summed], [2, 1, true]);
});

test("a map is true to scale in its middle, north at the top, within its frame", () => {
  const { place, height, scale } = projection(
    [
      [47, 5],
      [48, 5],
      [47, 6],
    ],
    700,
  );
  const [[x, south], [, north], [east]] = [place([47, 5]), place([48, 5]), place([47, 6])];
  assert.ok(north < south && x < east && north >= 0 && south <= height && east <= 700);
  assert.ok(Math.abs((south - north) / scale - 111.195) < 0.5);
  assert.deepEqual(projection([[47, 5]], 700).place([47, 5])[0], 350);
});

test("things that are linked are placed apart, always the same way", () => {
  const items = ["b", "c", "d", "e"].map((name) => ({ one: uri("urn:a"), other: uri(`urn:${name}`) }));
  const look = { label: (term) => term.value, nameOf: () => undefined };
  const [first, again] = [networkOf({ items }, look), networkOf({ items }, look)];
  assert.deepEqual(
    first.things.map(({ x, y }) => [x, y]),
    again.things.map(({ x, y }) => [x, y]),
  );
  assert.equal(new Set(first.things.map(({ x, y }) => `${x} ${y}`)).size, 5);
  assert.deepEqual(first.told[0], [uri("urn:a"), 4]);
});

test("what fits the kinds of the columns is proposed first", () => {
  const term = (value) => {
    if (typeof value === "number") return literal(value, `${XSD}decimal`);
    if (value.startsWith("urn:")) return uri(value);
    if (value.startsWith("POINT")) return literal(value, WKT);
    return literal(value, /^\d{4}-/.test(value) ? `${XSD}date` : /^\d{4}$/.test(value) ? `${XSD}gYear` : undefined);
  };
  const proposed = (columns, ...values) => {
    const rows = values.map((row) => Object.fromEntries(row.map((value, n) => [columns[n], term(value)])));
    const all = new Rows({ columns, rows, names });
    const choosable = columnsOf(all, columns);
    const [first] = fitting(choosable);
    return [
      first,
      DRAWN[first](new Shown(all, rows.keys(), names), cast(first, choosable) ?? assert.fail()).items.length,
    ];
  };
  assert.deepEqual(proposed(["d", "n"], ["2021-01-02", 5], ["2020", 1], ["2020", 2]), ["lines", 2]);
  assert.deepEqual(proposed(["t", "a", "d"], ["x", "urn:y", "2020-01-02"]), ["time", 1]);
  assert.deepEqual(proposed(["n", "m"], [1, 2], [4, 5]), ["points", 2]);
  assert.deepEqual(proposed(["a", "b", "n"], ["x", "y", 2], ["x", "y", 3]), ["heat", 1]);
  assert.deepEqual(proposed(["s", "o"], ["urn:a", "urn:b"], ["urn:a", "urn:b"]), ["network", 1]);
  assert.deepEqual(proposed(["a", "lat", "long"], ["x", 47.5, 6], ["y", 95, 6]), ["map", 1]);
  assert.deepEqual(proposed(["p"], ["POINT(6 47.5)"], ["POINT (6 47.5)"]), ["map", 1]);
  assert.deepEqual(proposed(["t", "d"], ["x", "not a date"], ["y", "2020-02-30"])[0], "bars");
  assert.deepEqual(proposed(["a"], ...Array.from({ length: 80 }, (_, n) => [`v${n % 40}`])), ["bars", 30]);
});
