// What there is near a constant that finds nothing: the values that do stand in its place.
import { isNumber } from "../cells.ts";
import { type QueryElement, type QueryTerm, type Read, asking, bodyOf, selecting } from "./structure.ts";
import type { Within } from "./within.ts";
import { LIKE, likeness } from "../../../base/folding.ts";
import { prefixesOf } from "../syntax.ts";

const MOST = 5;
const CANDIDATES = 1000;
/** Of more candidates those are taken that have so many first letters of what is written. */
const LETTERS = 4;
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

/** A query by its text, for the prefixes that it declares. */
type Declares = Pick<Read, "text">;
/** How a value is near. */
type Way = "narrower" | "language" | "datatype" | "letters" | "amount" | "instead" | "same";
export type Near = { at: Place | null; role: string; way: Way; text: string; term: PlainTerm; n: number };
type Ranked = Near & { like: number; by?: number };

/** Returns what stands in the places of a pattern's constants, beside the other elements. */
export async function nearConstants(
  query: Read,
  element: QueryElement,
  others: QueryElement[],
  within: Within,
  wrap: (body: string) => string,
): Promise<Near[]> {
  const found: Ranked[] = [];
  const { terms: parts = [] } = element;
  for (const at of [2, 1, 0]) {
    const constant = parts[at];
    if (constant.kind !== "iri" && constant.kind !== "literal") continue;
    const terms = parts.map(({ text }, place) => (place === at ? `?${query.fresh}` : text));
    const body = wrap(`${bodyOf(others)}\n${terms.join(" ")} .`);
    const role = at === 1 ? "property" : at === 2 && isType(parts[1], query) ? "class" : "value";
    found.push(...(await ranked(query, constant, role, body, within)));
  }
  return chosen(found);
}

const SKOS = "http://www.w3.org/2004/02/skos/core#";

/**
 * Returns how a pattern finds something by terms that lie within its own: narrower ones, or the members of a group. It is
 * the property that is written otherwise, as a path, so that the rest of the query stays as it is.
 */
export async function narrower(
  query: Read,
  element: QueryElement,
  others: QueryElement[],
  within: Within,
  wrap: (body: string) => string,
): Promise<Near[]> {
  const [subject, property, object] = element.terms ?? [];
  if (object?.kind !== "iri" || property?.kind !== "iri" || isType(property, query)) return [];
  const [broader, member] = ["broader", "member"].map((name) => written({ type: "uri", value: SKOS + name }, query));
  const path = `${property.text === "a" ? `<${TYPE}>` : property.text}/(${broader}|^${member})*`;
  const body = wrap(`${bodyOf(others)}\n${subject.text} ${path} ${object.text} .`);
  const [row] = await within.rows(selecting(query, "(COUNT(*) AS ?n)", body, ""));
  const n = Number(row?.n && row.n.type !== "triple" ? row.n.value : 0);
  if (!n) return [];
  const [{ it: term } = {}] = await within.rows(`${query.prologue}\nSELECT (${object.text} AS ?it) {}`);
  if (!term || term.type === "triple") return [];
  return [{ at: property, role: "property", way: "narrower", text: path, term, n }];
}

/** Returns the same texts in other languages or of other types that a pattern without a match has in the place of its literal. */
export async function variants(query: Read, element: QueryElement, within: Within, wrap: (body: string) => string) {
  const { terms: parts = [] } = element;
  const constant = parts[2];
  if (constant.kind !== "literal") return [];
  const terms = parts.map(({ text }, place) => (place === 2 ? `?${query.fresh}` : text));
  const same = `FILTER (STR(?${query.fresh}) = STR(${constant.text}))`;
  return chosen(await ranked(query, constant, "value", wrap(`${terms.join(" ")} .\n${same}`), within));
}

/** Returns the values that the variables of a filter have beside the other elements; those near a constant only where they pass in its place. */
export async function nearFilter(
  query: Read,
  filter: QueryElement,
  others: QueryElement[],
  within: Within,
  wrap: (body: string) => string,
) {
  const bound = new Set(others.flatMap(({ binds }) => [...binds]));
  const found: Ranked[] = [];
  for (const name of [...filter.needs].filter((it) => bound.has(it)).slice(0, 2)) {
    const body = `${wrap(bodyOf(others))}\nBIND (?${name} AS ?${query.fresh})`;
    const constants = filter.constants?.length ? filter.constants : [null];
    for (const constant of constants) found.push(...(await ranked(query, constant, `?${name}`, body, within)));
  }
  const near = chosen(found);
  const { shown = "" } = filter;
  for (const it of near) {
    if (it.way === "instead" || !it.at) continue;
    const passes = `${shown.slice(0, it.at.from - filter.from)}${it.text}${shown.slice(it.at.to - filter.from)}`;
    const text = filter.text.replace(shown, () => passes);
    if (await within.holds(asking(query, wrap(`${bodyOf(others)}\n${text}`)))) continue;
    // The nearest amount is told though it does not pass: it says how far what there is reaches.
    if (it.way === "amount") it.at = null;
    else it.way = "instead";
  }
  return near;
}

/** Returns the graphs in which a pattern has matches. */
export async function nearGraph(
  query: Read,
  { graph, groups = [] }: QueryElement,
  others: QueryElement[],
  within: Within,
  wrap: (body: string) => string,
) {
  if (graph?.kind !== "iri") return [];
  const body = wrap(`${bodyOf(others)}\nGRAPH ?${query.fresh} {\n${bodyOf(groups[0])}\n}`);
  return chosen(await ranked(query, graph, "graph", body, within));
}

async function ranked(query: Read, constant: QueryTerm | null, role: string, body: string, within: Within) {
  const name = query.fresh;
  const there = async (condition: string, order = "DESC(?n)", most = CANDIDATES) => {
    const rows = await within.rows(
      selecting(
        query,
        `?${name} (COUNT(*) AS ?n)`,
        `${body}\n${condition}`,
        `GROUP BY ?${name} ORDER BY ${order} LIMIT ${most}`,
      ),
    );
    return rows.flatMap((row) => {
      const term = row[name];
      return term && term.type !== "triple" ? [{ term, n: Number(row.n?.value) }] : [];
    });
  };
  const first = await there("");
  const [{ it: meant } = {}] =
    constant && first.length
      ? await within.rows(
          `${query.prologue}\nSELECT (${constant.text === "a" ? `<${TYPE}>` : constant.text} AS ?it) {}`,
        )
      : [];
  const told = ({ term, n }: { term: PlainTerm; n: number }): Ranked => ({
    role,
    n,
    term,
    text: written(term, query),
    at: constant,
    ...(meant && meant.type !== "triple" ? nearness(meant, term) : { way: "instead", like: 0 }),
  });
  const found = first.map(told);
  if (!constant || !meant || meant.type === "triple" || first.length < CANDIDATES)
    return found.filter(({ way }) => way !== "same");
  if (amountOf(meant))
    for (const [sign, order] of [
      [">=", `?${name}`],
      ["<=", `DESC(?${name})`],
    ])
      found.push(...(await there(`FILTER (?${name} ${sign} ${constant.text})`, order, 1)).map(told));
  else if (found.every(({ way }) => way === "instead")) found.push(...(await there(beginning(name, meant))).map(told));
  return found.filter(({ way }) => way !== "same");
}

/** Returns what lets through the values that have the first letters of a term; others may have as many uses. */
function beginning(name: string, { type, value }: PlainTerm) {
  const local = (type === "uri" ? localName(value) : value).slice(0, LETTERS).toLowerCase();
  return `FILTER (CONTAINS(LCASE(STR(?${name})), ${literal({ value: local })}))`;
}

/**
 * Returns the near ones, the nearest first; else the nearest amounts below and above; where there are
 * none, the terms that are most used, but of many values none: each would be something else.
 */
function chosen(found: Ranked[]) {
  const near = found
    .filter(({ way }) => way !== "instead" && way !== "amount")
    .sort((a, b) => b.like - a.like || b.n - a.n);
  if (near.length) return unique(near).slice(0, MOST);
  const amounts = found.filter(({ way }) => way === "amount").sort((a, b) => Math.abs(a.by ?? 0) - Math.abs(b.by ?? 0));
  const around = [amounts.find(({ by = 0 }) => by <= 0), amounts.find(({ by = 0 }) => by > 0)].filter(Boolean);
  if (around.length) return around;
  const others = unique(found);
  const values = others.filter(({ role }) => role === "value");
  const told = values.length > MOST ? others.filter(({ role }) => role !== "value") : others;
  return told.sort((a, b) => b.n - a.n).slice(0, MOST);
}

const unique = (all: Ranked[]) => [...new Map(all.map((it) => [`${it.role} ${it.text}`, it])).values()];

function nearness(meant: PlainTerm, term: PlainTerm): { way: Way; like: number; by?: number } {
  if (meant.type === "literal" && term.type === "literal" && meant.value === term.value) {
    if ((meant["xml:lang"] ?? "") !== (term["xml:lang"] ?? "")) return { way: "language", like: 2 };
    if (meant.datatype !== term.datatype) return { way: "datatype", like: 2 };
    return { way: "same", like: 2 };
  }
  if (meant.type !== term.type) return { way: "instead", like: 0 };
  if (meant.type === "uri" && meant.value === term.value) return { way: "same", like: 2 };
  const there = amountOf(term);
  // A type that was not written is taken to be the one that is there.
  const wanted = amountOf(meant.datatype || meant["xml:lang"] ? meant : { ...meant, datatype: term.datatype });
  if (wanted && there && wanted.kind === there.kind) return { way: "amount", like: 0, by: there.at - wanted.at };
  if (wanted || there) return { way: "instead", like: 0 };
  const like = likeness(localOf(meant), localOf(term));
  return { way: like >= LIKE ? "letters" : "instead", like };
}

const localName = (iri: string) => iri.replace(/[/#]$/, "").replace(/^.*[/#:]/s, "");
const localOf = ({ type, value }: PlainTerm) => (type === "uri" ? localName(value) : value);

const isType = ({ text }: QueryTerm, query: Read) => {
  if (text === "a" || text === `<${TYPE}>`) return true;
  const { declared } = prefixesOf(query.text);
  const [prefix, local] = text.split(":");
  return local === "type" && declared.get(prefix) === TYPE.slice(0, -4);
};

/** Returns a term as it is written in a query, with the prefixes that it declares. */
export function written(term: PlainTerm, query: Declares): string {
  if (term.type === "bnode") return `_:${term.value}`;
  if (term.type !== "uri") return literal(term, query);
  for (const [prefix, namespace] of prefixesOf(query.text).declared) {
    const local = namespace && term.value.startsWith(namespace) ? term.value.slice(namespace.length) : "";
    if (/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(local)) return `${prefix}:${local}`;
  }
  return `<${term.value}>`;
}

const ESCAPED: Record<string, string> = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function literal(
  { value, datatype, "xml:lang": language }: { value: string; datatype?: string; "xml:lang"?: string },
  query: Declares = { text: "" },
): string {
  const quoted = `"${String(value).replace(/[\\"\n\r\t]/g, (it) => ESCAPED[it])}"`;
  if (language) return `${quoted}@${language}`;
  return datatype ? `${quoted}^^${written({ type: "uri", value: datatype }, query)}` : quoted;
}

// Numbers and days as amounts, of which one can be nearer than another.

const XSD = "http://www.w3.org/2001/XMLSchema#";
const DAYS = new Set(["date", "dateTime", "gYearMonth", "gYear"].map((name) => XSD + name));
const DAY = /^(-?\d{4,})(?:-(\d\d)(?:-(\d\d)(T.*)?)?)?/;

/** Returns how much a term is, and of what kind: a number, or a moment; null where it is neither. */
function amountOf(term: Term): { kind: "number" | "day"; at: number } | null {
  if (term.type === "triple") return null;
  if (isNumber(term)) return whole("number", Number(term.value));
  if (!DAYS.has(term.datatype ?? "")) return null;
  const [, year, month = "01", day = "01", time = ""] = term.value.match(DAY) ?? [];
  return year === undefined ? null : whole("day", Date.parse(`${year}-${month}-${day}${time}`));
}

const whole = (kind: "number" | "day", at: number): { kind: "number" | "day"; at: number } | null =>
  Number.isFinite(at) ? { kind, at } : null;
