// What there is near a constant that finds nothing: the values that do stand in its place.
import { amountOf } from "./amounts.js";
import { LIKE, likeness } from "../likeness.js";
import { prefixesOf } from "../prefixes.js";
import { asking, bodyOf, selecting } from "./structure.js";

const MOST = 5;
const CANDIDATES = 1000;
/** Of more candidates those are taken that have so many first letters of what is written. */
const LETTERS = 4;
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

/**
 * @typedef {{at: {from: number, to: number}, role: string, way: "language" | "datatype" | "letters" | "amount" | "instead", text: string, term: object, n: number}} Near
 */

/**
 * Returns what stands in the places of a pattern's constants, beside the other elements.
 * @returns {Promise<Near[]>}
 */
export async function nearConstants(query, element, others, within, wrap) {
  const found = [];
  for (const at of [2, 1, 0]) {
    const constant = element.terms[at];
    if (constant.kind !== "iri" && constant.kind !== "literal") continue;
    const terms = element.terms.map(({ text }, place) => (place === at ? `?${query.fresh}` : text));
    const body = wrap(`${bodyOf(others)}\n${terms.join(" ")} .`);
    const role = at === 1 ? "property" : at === 2 && isType(element.terms[1], query) ? "class" : "value";
    found.push(...(await ranked(query, constant, role, body, within)));
  }
  return chosen(found);
}

/** Returns the same texts in other languages or of other types that a pattern without a match has in the place of its literal. */
export async function variants(query, element, within, wrap) {
  const constant = element.terms[2];
  if (constant.kind !== "literal") return [];
  const terms = element.terms.map(({ text }, place) => (place === 2 ? `?${query.fresh}` : text));
  const same = `FILTER (STR(?${query.fresh}) = STR(${constant.text}))`;
  return chosen(await ranked(query, constant, "value", wrap(`${terms.join(" ")} .\n${same}`), within));
}

/** Returns the values that the variables of a filter have beside the other elements; those near a constant only where they pass in its place. */
export async function nearFilter(query, filter, others, within, wrap) {
  const bound = new Set(others.flatMap(({ binds }) => [...binds]));
  const found = [];
  for (const name of [...filter.needs].filter((it) => bound.has(it)).slice(0, 2)) {
    const body = `${wrap(bodyOf(others))}\nBIND (?${name} AS ?${query.fresh})`;
    const constants = filter.constants.length ? filter.constants : [null];
    for (const constant of constants) found.push(...(await ranked(query, constant, `?${name}`, body, within)));
  }
  const near = chosen(found);
  for (const it of near) {
    if (it.way === "instead") continue;
    const passes = `${filter.shown.slice(0, it.at.from - filter.from)}${it.text}${filter.shown.slice(it.at.to - filter.from)}`;
    const text = filter.text.replace(filter.shown, () => passes);
    if (await within.holds(asking(query, wrap(`${bodyOf(others)}\n${text}`)))) continue;
    // The nearest amount is told though it does not pass: it says how far what there is reaches.
    if (it.way === "amount") it.at = null;
    else it.way = "instead";
  }
  return near;
}

/** Returns the graphs in which a pattern has matches. */
export async function nearGraph(query, { graph, groups }, others, within, wrap) {
  if (graph.kind !== "iri") return [];
  const body = wrap(`${bodyOf(others)}\nGRAPH ?${query.fresh} {\n${bodyOf(groups[0])}\n}`);
  return chosen(await ranked(query, graph, "graph", body, within));
}

async function ranked(query, constant, role, body, within) {
  const name = query.fresh;
  const there = async (condition, order = "DESC(?n)", most = CANDIDATES) => {
    const rows = await within.rows(
      selecting(
        query,
        `?${name} (COUNT(*) AS ?n)`,
        `${body}\n${condition}`,
        `GROUP BY ?${name} ORDER BY ${order} LIMIT ${most}`,
      ),
    );
    return rows
      .filter((row) => row[name] && row[name].type !== "triple")
      .map((row) => ({ term: row[name], n: Number(row.n.value) }));
  };
  const first = await there("");
  const [meant] =
    constant && first.length
      ? await within.rows(
          `${query.prologue}\nSELECT (${constant.text === "a" ? `<${TYPE}>` : constant.text} AS ?it) {}`,
        )
      : [];
  const told = ({ term, n }) => ({
    role,
    n,
    term,
    text: written(term, query),
    at: constant,
    ...(meant ? nearness(meant.it, term) : { way: "instead", like: 0 }),
  });
  const found = first.map(told);
  if (!meant || first.length < CANDIDATES) return found.filter(({ way }) => way !== "same");
  if (amountOf(meant.it))
    for (const [sign, order] of [
      [">=", `?${name}`],
      ["<=", `DESC(?${name})`],
    ])
      found.push(...(await there(`FILTER (?${name} ${sign} ${constant.text})`, order, 1)).map(told));
  else if (found.every(({ way }) => way === "instead"))
    found.push(...(await there(beginning(name, meant.it))).map(told));
  return found.filter(({ way }) => way !== "same");
}

/** Returns what lets through the values that have the first letters of a term; others may have as many uses. */
function beginning(name, { type, value }) {
  const local = (type === "uri" ? localName(value) : value).slice(0, LETTERS).toLowerCase();
  return `FILTER (CONTAINS(LCASE(STR(?${name})), ${literal({ value: local })}))`;
}

/**
 * Returns the near ones, the nearest first; else the nearest amounts below and above; where there are
 * none, the terms that are most used, but of many values none: each would be something else.
 */
function chosen(found) {
  const near = found
    .filter(({ way }) => way !== "instead" && way !== "amount")
    .sort((a, b) => b.like - a.like || b.n - a.n);
  if (near.length) return unique(near).slice(0, MOST);
  const amounts = found.filter(({ way }) => way === "amount").sort((a, b) => Math.abs(a.by) - Math.abs(b.by));
  const around = [amounts.find(({ by }) => by <= 0), amounts.find(({ by }) => by > 0)].filter(Boolean);
  if (around.length) return around;
  const others = unique(found);
  const values = others.filter(({ role }) => role === "value");
  const told = values.length > MOST ? others.filter(({ role }) => role !== "value") : others;
  return told.sort((a, b) => b.n - a.n).slice(0, MOST);
}

const unique = (all) => [...new Map(all.map((it) => [`${it.role} ${it.text}`, it])).values()];

export function nearness(meant, term) {
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
  if (wanted || there)
    return wanted?.kind === there?.kind
      ? { way: "amount", like: 0, by: there.at - wanted.at }
      : { way: "instead", like: 0 };
  const like = likeness(localOf(meant), localOf(term));
  return { way: like >= LIKE ? "letters" : "instead", like };
}

const localName = (iri) => iri.replace(/[/#]$/, "").replace(/^.*[/#:]/s, "");
const localOf = ({ type, value }) => (type === "uri" ? localName(value) : value);

const isType = ({ text }, query) => {
  if (text === "a" || text === `<${TYPE}>`) return true;
  const { declared } = prefixesOf(query.text);
  const [prefix, local] = text.split(":");
  return local === "type" && declared.get(prefix) === TYPE.slice(0, -4);
};

/** Returns a term as it is written in a query, with the prefixes that it declares. */
export function written(term, query) {
  if (term.type === "bnode") return `_:${term.value}`;
  if (term.type !== "uri") return literal(term, query);
  for (const [prefix, namespace] of prefixesOf(query.text).declared) {
    const local = namespace && term.value.startsWith(namespace) ? term.value.slice(namespace.length) : "";
    if (/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(local)) return `${prefix}:${local}`;
  }
  return `<${term.value}>`;
}

const ESCAPED = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function literal({ value, datatype, "xml:lang": language }, query) {
  const quoted = `"${String(value).replace(/[\\"\n\r\t]/g, (it) => ESCAPED[it])}"`;
  if (language) return `${quoted}@${language}`;
  return datatype ? `${quoted}^^${written({ type: "uri", value: datatype }, query)}` : quoted;
}
