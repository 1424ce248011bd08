// What is drawn: what kinds of values the columns of an answer have, which drawings fit them, and the values that are shown.
import { isNumber } from "../cells.ts";
import type { Names } from "../names.ts";
import type { Rows } from "../rows.ts";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const DATES = new Set(["date", "dateTime", "gYearMonth", "gYear"].map((name) => XSD + name));
const WKT = "http://www.opengis.net/ont/geosparql#wktLiteral";
const POINT = /^\s*(?:<[^>]*>\s*)?POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)\s*$/i;
const LOOKED_AT = 2000;
/** As many of the values must be of a kind for their column to be. */
const MOST_OF = 0.9;
const LATITUDE = /^(?:.*_)?(?:lat|latitude)$/i;
const LONGITUDE = /^(?:.*_)?(?:long?|lng|longitude)$/i;

const NAMED = ["thing", "place", "text"];
const COUNT = "count";

/**
 * What each drawing is made of: the kinds of columns that can play each part, `count` where the
 * number of rows can; a part whose name ends with ? may be left out.
 */
export const DRAWINGS: Record<string, Record<string, string[]>> = {
  map: { place: ["point", "place"], "name?": NAMED },
  lines: { across: ["date", "number"], up: ["number", COUNT], "series?": NAMED },
  time: { when: ["date"], what: NAMED, "until?": ["date"] },
  points: { across: ["number", "date"], up: ["number", "date"], "name?": NAMED },
  heat: { across: NAMED, down: NAMED, shade: ["number", COUNT] },
  bars: { what: [...NAMED, "date"], long: ["number", COUNT] },
  network: { from: NAMED, to: NAMED },
};

/** Returns a date as the time that it begins at, undefined for what is none. */
export function timeOf(term: Term | undefined) {
  if (!term || term.type === "triple") return undefined;
  const found =
    DATES.has(term.datatype ?? "") && term.value.match(/^(-?\d{4,6})(?:-(\d\d))?(?:-(\d\d))?(T.*)?(Z|[+-]\d\d:\d\d)?$/);
  if (!found) return undefined;
  const [, year, month = "01", day = "01", time] = found;
  const date = new Date(time ? term.value : `${year}-${month}-${day}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Returns a point's latitude and longitude, undefined for what is none. WKT has the longitude first. */
export function pointOf(term: Term | undefined) {
  const found = term && term.type !== "triple" && term.datatype === WKT && term.value.match(POINT);
  return found ? onEarth(Number(found[2]), Number(found[1])) : undefined;
}

/** Returns a latitude and a longitude, undefined where they are not of a place on earth. */
const onEarth = (latitude: number, longitude: number): [number, number] | undefined =>
  Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? [latitude, longitude] : undefined;

/** Returns what kind most values of a column are of, nothing where it has none. */
export function kindOf(terms: (Term | undefined)[]) {
  const bound = terms.slice(0, LOOKED_AT).filter(Boolean);
  if (!bound.length) return undefined;
  const most = (test: (term: Term) => unknown) => bound.filter(test).length >= MOST_OF * bound.length;
  if (most(isNumber)) return "number";
  if (most(timeOf)) return "date";
  if (most(pointOf)) return "point";
  return most(({ type }) => type === "uri") ? "thing" : "text";
}

/**
 * Returns what can be drawn from: the columns that have values, each with its kind; a latitude and
 * a longitude make one that has both.
 */
export function columnsOf(rows: Rows, shown: string[]): ChartColumn[] {
  const columns = shown.map((name) => ({ name, kind: kindOf(rows.of(name).terms) })).filter(({ kind }) => kind);
  const numbers = columns.filter(({ kind }) => kind === "number");
  const [latitude, longitude] = [LATITUDE, LONGITUDE].map((like) => numbers.find(({ name }) => like.test(name)));
  if (!latitude || !longitude) return columns;
  return [
    { name: `${latitude.name}, ${longitude.name}`, kind: "point", of: [latitude.name, longitude.name] },
    ...columns,
  ];
}

/** Returns the first column of the kind that is named first; what has a name is as good as what else has. */
function first(kinds: string[], columns: ChartColumn[]) {
  const rank = ({ kind }: ChartColumn) => (NAMED.includes(kind ?? "") ? 0 : kinds.indexOf(kind ?? ""));
  return columns.filter(({ kind }) => kinds.includes(kind ?? "")).sort((a, b) => rank(a) - rank(b))[0];
}

/** What is left out only where no column is left for it. */
const NAMING = new Set(["name?", "series?"]);

/**
 * Returns which column plays each part of a drawing, undefined where some part has none. What may be
 * left out is, unless a column that nothing else needs names what is drawn; a place has its own name.
 */
export function cast(drawing: string, columns: ChartColumn[]): Cast | undefined {
  const free = [...columns];
  const parts: Record<string, ChartColumn | undefined> = {};
  for (const [part, kinds] of Object.entries(DRAWINGS[drawing])) {
    const optional = part.endsWith("?");
    const fitting = optional && !NAMING.has(part) ? undefined : first(kinds, free);
    if (fitting) free.splice(free.indexOf(fitting), 1);
    else if (!optional && !kinds.includes(COUNT)) return undefined;
    parts[part] = part === "name?" && parts.place?.kind === "place" ? undefined : fitting;
  }
  return parts as Cast;
}

/** Returns the drawings that can be made of some columns, the fitting one first. */
export function fitting(columns: ChartColumn[], { graph = false }: { graph?: boolean } = {}) {
  const possible = Object.keys(DRAWINGS).filter((drawing) => cast(drawing, columns));
  const many = (...kinds: string[]) => columns.filter(({ kind }) => kinds.includes(kind ?? "")).length;
  const [named, numbers, dates] = [many(...NAMED), many("number"), many("date")];
  const best = [
    graph && "network",
    many("point") && "map",
    dates && numbers && "lines",
    dates && named && "time",
    many("place") && !numbers && "map",
    numbers > 1 && "points",
    named > 1 && numbers && "heat",
    named && numbers && "bars",
    many("thing", "place") > 1 && "network",
    named && "bars",
  ].find((drawing) => drawing && possible.includes(drawing));
  return best ? [best, ...possible.filter((drawing) => drawing !== best)] : possible;
}

// What is drawn: values of the rows that are shown, added up where several rows say one thing.

const MOST_BARS = 30;
const MOST_CELLS = 25;
const MOST_SERIES = 6;
const MOST_POINTS = 5000;
const MOST_IN_TIME = 60;
const MOST_PLACES = 300;
const MOST_LINKS = 4000;

/** The rows that share some values, and what they have together. */
type Group = { codes: number[]; row: number; value: number; rows: number };

/** The rows that are shown, as the parts of a drawing see them. */
export class Shown {
  rows;
  order;
  places;
  graph;

  /**
   * @param order which rows are shown
   * @param places where things are
   * @param graph whether the rows are the triples of a graph
   */
  constructor(rows: Rows, order: Iterable<number>, places: Pick<Names<[number, number][]>, "of">, graph = false) {
    this.rows = rows;
    this.order = Array.from(order);
    this.places = places;
    this.graph = graph;
  }

  code = (column: ChartColumn, row: number) => this.rows.of(column.name).codes[row];
  term = (column: ChartColumn, code: number) => this.rows.of(column.name).terms[code];
  at = (column: ChartColumn, row: number) => this.term(column, this.code(column, row));

  number(column: ChartColumn, row: number) {
    const found = Number(this.at(column, row)?.value);
    return Number.isFinite(found) ? found : undefined;
  }

  /** Returns a number, or a time. */
  measure = (column: ChartColumn, row: number) =>
    column.kind === "date" ? timeOf(this.at(column, row)) : this.number(column, row);

  /** Returns where a row is. */
  points(column: ChartColumn, row: number): [number, number][] {
    if (column.of) {
      const [latitude, longitude] = column.of.map((name) => Number(this.at({ name }, row)?.value ?? NaN));
      return [onEarth(latitude, longitude)].filter(Boolean);
    }
    const term = this.at(column, row);
    return column.kind === "point"
      ? [pointOf(term)].filter(Boolean)
      : (term?.type === "uri" && this.places.of(term.value)) || [];
  }

  /** Adds a column up over the rows that share the values of others; without a column, counts them. */
  added(by: ChartColumn[], column?: ChartColumn) {
    const groups = new Map<string, Group>();
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
    const kept: (number | undefined)[] = series ? largest(groups, 1, MOST_SERIES) : [undefined];
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
    const spots = new Map<string, { point: [number, number]; names: Map<string, PlainTerm>; rows: number }>();
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
} satisfies Record<string, (shown: Shown, parts: Cast) => Drawn>;

/** Returns an item with the cells of the table that says what is drawn: terms, numbers, several terms. */
const told = <T extends object>(item: T, cells: (item: T) => Cell[]) => Object.assign(item, { cells: cells(item) });

/** Returns what is the same for the same node. */
export const nodeOf = ({ type, value, datatype, "xml:lang": language }: Term) =>
  JSON.stringify([type, value, datatype, language]);

/** Returns how many rows are in groups. */
const rowsOf = (groups: Group[]) => groups.reduce((sum, { rows }) => sum + rows, 0);

/** Tells whether some value is of several rows. */
const summed = (groups: Group[], column: ChartColumn | undefined) =>
  Boolean(column) && groups.some(({ rows }) => rows > 1);

/** Returns the values at a place of the groups that have the most, at most so many. */
function largest(groups: Group[], at: number, most: number) {
  const sums = new Map<number, number>();
  for (const { codes, value } of groups) sums.set(codes[at], (sums.get(codes[at]) ?? 0) + Math.abs(value));
  return [...sums]
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([code]) => code);
}

const compare: (a: string, b: string) => number = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
