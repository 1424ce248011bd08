// What kind of values a column has, and which drawings fit the columns of an answer.
import { isNumber } from "../cells.js";

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
 * @type {Record<string, Record<string, string[]>>}
 */
export const DRAWINGS = {
  map: { place: ["point", "place"], "name?": NAMED },
  lines: { across: ["date", "number"], up: ["number", COUNT], "series?": NAMED },
  time: { when: ["date"], what: NAMED, "until?": ["date"] },
  points: { across: ["number", "date"], up: ["number", "date"], "name?": NAMED },
  heat: { across: NAMED, down: NAMED, shade: ["number", COUNT] },
  bars: { what: [...NAMED, "date"], long: ["number", COUNT] },
  network: { from: NAMED, to: NAMED },
};

/**
 * Returns a date as the time that it begins at, undefined for what is none.
 * @param {Term | undefined} term
 */
export function timeOf(term) {
  if (!term || term.type === "triple") return undefined;
  const found =
    DATES.has(term.datatype ?? "") && term.value.match(/^(-?\d{4,6})(?:-(\d\d))?(?:-(\d\d))?(T.*)?(Z|[+-]\d\d:\d\d)?$/);
  if (!found) return undefined;
  const [, year, month = "01", day = "01", time] = found;
  const date = new Date(time ? term.value : `${year}-${month}-${day}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/**
 * Returns a point's latitude and longitude, undefined for what is none. WKT has the longitude first.
 * @param {Term | undefined} term
 */
export function pointOf(term) {
  const found = term && term.type !== "triple" && term.datatype === WKT && term.value.match(POINT);
  return found ? onEarth(Number(found[2]), Number(found[1])) : undefined;
}

/**
 * Returns a latitude and a longitude, undefined where they are not of a place on earth.
 * @param {number} latitude
 * @param {number} longitude
 * @returns {[number, number] | undefined}
 */
export const onEarth = (latitude, longitude) =>
  Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? [latitude, longitude] : undefined;

/**
 * Returns what kind most values of a column are of, nothing where it has none.
 * @param {(Term | undefined)[]} terms
 */
export function kindOf(terms) {
  const bound = terms.slice(0, LOOKED_AT).filter(Boolean);
  if (!bound.length) return undefined;
  /** @param {(term: Term) => unknown} test */
  const most = (test) => bound.filter(test).length >= MOST_OF * bound.length;
  if (most(isNumber)) return "number";
  if (most(timeOf)) return "date";
  if (most(pointOf)) return "point";
  return most(({ type }) => type === "uri") ? "thing" : "text";
}

/**
 * Returns what can be drawn from: the columns that have values, each with its kind; a latitude and
 * a longitude make one that has both.
 * @param {import("../rows.js").Rows} rows
 * @param {string[]} shown
 * @returns {ChartColumn[]}
 */
export function columnsOf(rows, shown) {
  const columns = shown.map((name) => ({ name, kind: kindOf(rows.of(name).terms) })).filter(({ kind }) => kind);
  const numbers = columns.filter(({ kind }) => kind === "number");
  const [latitude, longitude] = [LATITUDE, LONGITUDE].map((like) => numbers.find(({ name }) => like.test(name)));
  if (!latitude || !longitude) return columns;
  return [
    { name: `${latitude.name}, ${longitude.name}`, kind: "point", of: [latitude.name, longitude.name] },
    ...columns,
  ];
}

/**
 * Returns the first column of the kind that is named first; what has a name is as good as what else has.
 * @param {string[]} kinds
 * @param {ChartColumn[]} columns
 */
function first(kinds, columns) {
  /** @param {ChartColumn} it */
  const rank = ({ kind }) => (NAMED.includes(kind ?? "") ? 0 : kinds.indexOf(kind ?? ""));
  return columns.filter(({ kind }) => kinds.includes(kind ?? "")).sort((a, b) => rank(a) - rank(b))[0];
}

/** What is left out only where no column is left for it. */
const NAMING = new Set(["name?", "series?"]);

/**
 * Returns which column plays each part of a drawing, undefined where some part has none. What may be
 * left out is, unless a column that nothing else needs names what is drawn; a place has its own name.
 * @param {string} drawing
 * @param {ChartColumn[]} columns
 * @returns {Cast | undefined}
 */
export function cast(drawing, columns) {
  const free = [...columns];
  /** @type {Record<string, ChartColumn | undefined>} */
  const parts = {};
  for (const [part, kinds] of Object.entries(DRAWINGS[drawing])) {
    const optional = part.endsWith("?");
    const fitting = optional && !NAMING.has(part) ? undefined : first(kinds, free);
    if (fitting) free.splice(free.indexOf(fitting), 1);
    else if (!optional && !kinds.includes(COUNT)) return undefined;
    parts[part] = part === "name?" && parts.place?.kind === "place" ? undefined : fitting;
  }
  return /** @type {Cast} */ (parts);
}

/**
 * Returns the drawings that can be made of some columns, the fitting one first.
 * @param {ChartColumn[]} columns
 * @param {{graph?: boolean}=} other
 */
export function fitting(columns, { graph = false } = {}) {
  const possible = Object.keys(DRAWINGS).filter((drawing) => cast(drawing, columns));
  /** @param {...string} kinds */
  const many = (...kinds) => columns.filter(({ kind }) => kinds.includes(kind ?? "")).length;
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
