// What is drawn: values of the rows that are shown, added up where several rows say one thing.
import { onEarth, pointOf, timeOf } from "./kinds.js";

const MOST_BARS = 30;
const MOST_CELLS = 25;
const MOST_SERIES = 6;
const MOST_POINTS = 5000;
const MOST_IN_TIME = 60;
const MOST_PLACES = 300;
const MOST_LINKS = 4000;

/** @typedef {{codes: number[], row: number, value: number, rows: number}} Group the rows that share some values, and what they have together */

/** The rows that are shown, as the parts of a drawing see them. */
export class Shown {
  /**
   * @param {import("../rows.js").Rows} rows
   * @param {Iterable<number>} order which rows are shown
   * @param {Pick<import("../names.js").Names<[number, number][]>, "of">} places where things are
   * @param {boolean} graph whether the rows are the triples of a graph
   */
  constructor(rows, order, places, graph = false) {
    this.rows = rows;
    this.order = Array.from(order);
    this.places = places;
    this.graph = graph;
  }

  /**
   * @param {ChartColumn} column
   * @param {number} row
   */
  code = (column, row) => this.rows.of(column.name).codes[row];
  /**
   * @param {ChartColumn} column
   * @param {number} code
   */
  term = (column, code) => this.rows.of(column.name).terms[code];
  /**
   * @param {ChartColumn} column
   * @param {number} row
   */
  at = (column, row) => this.term(column, this.code(column, row));

  /**
   * @param {ChartColumn} column
   * @param {number} row
   */
  number(column, row) {
    const found = Number(this.at(column, row)?.value);
    return Number.isFinite(found) ? found : undefined;
  }

  /**
   * Returns a number, or a time.
   * @param {ChartColumn} column
   * @param {number} row
   */
  measure = (column, row) => (column.kind === "date" ? timeOf(this.at(column, row)) : this.number(column, row));

  /**
   * Returns where a row is.
   * @param {ChartColumn} column
   * @param {number} row
   * @returns {[number, number][]}
   */
  points(column, row) {
    if (column.of) {
      const [latitude, longitude] = column.of.map((name) => Number(this.at({ name }, row)?.value ?? NaN));
      return [onEarth(latitude, longitude)].filter(Boolean);
    }
    const term = this.at(column, row);
    return column.kind === "point"
      ? [pointOf(term)].filter(Boolean)
      : (term?.type === "uri" && this.places.of(term.value)) || [];
  }

  /**
   * Adds a column up over the rows that share the values of others; without a column, counts them.
   * @param {ChartColumn[]} by
   * @param {ChartColumn=} column
   */
  added(by, column) {
    /** @type {Map<string, Group>} */
    const groups = new Map();
    let out = 0;
    for (const row of this.order) {
      const value = column ? this.number(column, row) : 1;
      if (value === undefined) {
        out += 1;
        continue;
      }
      const codes = by.map((it) => this.code(it, row));
      const key = codes.join(" ");
      const group = groups.get(key) ?? { codes, row, value: 0, rows: 0 };
      group.value += value;
      group.rows += 1;
      groups.set(key, group);
    }
    return { groups: [...groups.values()], out };
  }
}

/**
 * Returns what is drawn of the parts: `items` to draw, of `all` there are, how many rows are left
 * `out` as they lack what is drawn, whether values were `summed`. Terms are given as they are; names are put to them later.
 * @satisfies {Record<string, (shown: Shown, parts: Cast) => Drawn>}
 */
export const DRAWN = {
  bars(shown, { what, long }) {
    const { groups, out } = shown.added([what], long);
    const dated = what.kind === "date";
    const items = groups.map(({ codes: [code], value }) =>
      told({ key: code, what: shown.term(what, code), value }, (it) => [it.what, it.value]),
    );
    if (dated) items.sort((a, b) => compare(String(a.what?.value ?? ""), String(b.what?.value ?? "")));
    else items.sort((a, b) => b.value - a.value);
    return { items: items.slice(0, MOST_BARS), all: items.length, out, summed: summed(groups, long) };
  },

  heat(shown, { across, down, shade }) {
    const { groups, out } = shown.added([across, down], shade);
    const [columns, lines] = [0, 1].map((at) => largest(groups, at, MOST_CELLS));
    const items = groups
      .filter(({ codes: [x, y] }) => columns.includes(x) && lines.includes(y))
      .map(({ codes: [x, y], value }) =>
        told({ x, y, across: shown.term(across, x), down: shown.term(down, y), value }, (it) => [
          it.across,
          it.down,
          it.value,
        ]),
      );
    return { items, columns, lines, all: groups.length, out, summed: summed(groups, shade) };
  },

  lines(shown, { across, up, "series?": series }) {
    const { groups: found, out } = shown.added(series ? [across, series] : [across], up);
    const groups = found.filter(({ row }) => shown.measure(across, row) !== undefined);
    /** @type {(number | undefined)[]} */
    const kept = series ? largest(groups, 1, MOST_SERIES) : [undefined];
    const items = groups
      .filter(({ codes }) => !series || kept.includes(codes[1]))
      .map(({ codes: [, code], row, value }) =>
        told(
          { x: shown.measure(across, row), y: value, key: code, series: series && shown.term(series, code) },
          (it) => [shown.at(across, row), it.y, ...(series ? [it.series] : [])],
        ),
      )
      .sort((a, b) => Number(a.x) - Number(b.x));
    return {
      items: items.slice(0, MOST_POINTS),
      series: kept,
      all: groups.length,
      out: out + rowsOf(found) - rowsOf(groups),
      summed: summed(groups, up),
    };
  },

  points(shown, { across, up, "name?": name }) {
    const items = shown.order
      .map((row) =>
        told({ x: shown.measure(across, row), y: shown.measure(up, row), name: name && shown.at(name, row) }, (it) => [
          shown.at(across, row),
          shown.at(up, row),
          ...(name ? [it.name] : []),
        ]),
      )
      .filter(({ x, y }) => x !== undefined && y !== undefined);
    return { items: items.slice(0, MOST_POINTS), all: items.length, out: shown.order.length - items.length };
  },

  time(shown, { when, what, "until?": until }) {
    const items = shown.order
      .map((row) =>
        told(
          {
            when: shown.measure(when, row),
            date: shown.at(when, row),
            until: until && shown.measure(until, row),
            what: shown.at(what, row),
          },
          (it) => [it.date, it.what, ...(until ? [shown.at(until, row)] : [])],
        ),
      )
      .filter(({ when: start }) => start !== undefined)
      .sort((a, b) => Number(a.when) - Number(b.when));
    return { items: items.slice(0, MOST_IN_TIME), all: items.length, out: shown.order.length - items.length };
  },

  map(shown, { place, "name?": name }) {
    /** @type {Map<string, {point: [number, number], names: Map<string, PlainTerm>, rows: number}>} */
    const spots = new Map();
    let out = 0;
    for (const row of shown.order) {
      const points = shown.points(place, row);
      if (!points.length) out += 1;
      for (const point of points) {
        const key = point.join(" ");
        const spot = spots.get(key) ?? { point, names: new Map(), rows: 0 };
        const called = name ?? (place.kind === "point" ? undefined : place);
        const term = called && shown.at(called, row);
        if (term && term.type !== "triple") spot.names.set(term.value, term);
        spot.rows += 1;
        spots.set(key, spot);
      }
    }
    const items = [...spots.values()].map((spot) =>
      told({ ...spot, names: [...spot.names.values()] }, (it) => [it.names, ...it.point, it.rows]),
    );
    return { items: items.slice(0, MOST_PLACES), all: items.length, out };
  },

  network(shown, { from, to }) {
    const links = new Map();
    let out = 0;
    for (const row of shown.order) {
      const [one, other] = [shown.at(from, row), shown.at(to, row)];
      if (!one || !other) out += 1;
      if (!one || !other || (shown.graph && other.type === "literal")) continue;
      const key = `${nodeOf(one)}\n${nodeOf(other)}`;
      if (!links.has(key))
        links.set(
          key,
          told({ one, other }, (it) => [it.one, it.other]),
        );
    }
    const items = [...links.values()];
    return { items: items.slice(0, MOST_LINKS), all: items.length, out };
  },
};

/**
 * Returns an item with the cells of the table that says what is drawn: terms, numbers, several terms.
 * @template {object} T
 * @param {T} item
 * @param {(item: T) => Cell[]} cells
 */
const told = (item, cells) => Object.assign(item, { cells: cells(item) });

/**
 * Returns what is the same for the same node.
 * @param {Term} it
 */
export const nodeOf = ({ type, value, datatype, "xml:lang": language }) =>
  JSON.stringify([type, value, datatype, language]);

/**
 * Returns how many rows are in groups.
 * @param {Group[]} groups
 */
const rowsOf = (groups) => groups.reduce((sum, { rows }) => sum + rows, 0);

/**
 * Tells whether some value is of several rows.
 * @param {Group[]} groups
 * @param {ChartColumn | undefined} column
 */
const summed = (groups, column) => Boolean(column) && groups.some(({ rows }) => rows > 1);

/**
 * Returns the values at a place of the groups that have the most, at most so many.
 * @param {Group[]} groups
 * @param {number} at
 * @param {number} most
 */
function largest(groups, at, most) {
  /** @type {Map<number, number>} */
  const sums = new Map();
  for (const { codes, value } of groups) sums.set(codes[at], (sums.get(codes[at]) ?? 0) + Math.abs(value));
  return [...sums]
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([code]) => code);
}

/** @type {(a: string, b: string) => number} */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
