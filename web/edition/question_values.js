// A question of the catalogue with values of one's own: the same file, other terms in its VALUES blocks.
import { fold } from "../query/workbench/folding.js";

const CERTAINTY = /^(?:explicit|inferred|tentative)$/;
const SHORT = /^[a-z][a-z-]*\/[A-Za-z0-9\-._~/]+$/;
const WHOLE = /^<?([A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+)>?$/;
const ARTICLE = /^(?:(?:le|la|les|un|une|the|an|a) |l' ?)(?=.)/;
/** The kinds of things that parameters of these names take; others are named by their kind. @type {Record<string, string>} */
const KINDS = { large: "theme", narrower: "theme", broader: "theme" };
/** What the names of things are asked by; the engine gives them all. */
const NAMES = `SELECT DISTINCT ?thing ?label WHERE {
  ?thing <http://www.w3.org/2000/01/rdf-schema#label> ?label .
}`;

/** A value names nothing, or several things; carries which. */
export class NoSuchThing extends Error {
  /**
   * @param {string} parameter
   * @param {string} text
   * @param {string[]} bearers
   */
  constructor(parameter, text, bearers) {
    super(text);
    this.parameter = parameter;
    this.bearers = bearers;
  }
}

/**
 * What values are read by: how the addresses of terms and of things begin, and who answers a query.
 * @typedef {{terms: string, things: string, ask: (query: string) => Promise<Result>}} Reading
 */

/**
 * Returns the query of a question with other values; raises NoSuchThing.
 * @param {string} query
 * @param {Iterable<[string, string]>} values as people write them; an empty one stands for any thing
 * @param {Reading} reading
 */
export async function bound(query, values, reading) {
  for (const [name, text] of values) {
    const block = new RegExp(`(VALUES\\s+[?$]${name}\\s*\\{\\s*)([^{}]*?)(\\s*\\})`, "gi");
    const [found] = query.matchAll(block);
    if (!found) continue;
    const isText = found[2].startsWith('"');
    const term = isText ? JSON.stringify(text.trim()) : await termOf(name, text.trim(), reading);
    query = query.replace(block, (_, before, __, after) => `${before}${term}${after}`);
  }
  return query;
}

/**
 * Returns the term that a text means, as SPARQL writes it.
 * @param {string} name of the parameter
 * @param {string} text
 * @param {Reading} reading
 */
async function termOf(name, text, { terms, things, ask }) {
  if (name === "certainty" && CERTAINTY.test(text)) return `<${terms}${text}>`;
  if (!text || text === "*") return "UNDEF";
  if (SHORT.test(text)) return `<${things}${text}>`;
  const [, iri] = text.match(WHOLE) ?? [];
  if (iri) return `<${iri}>`;
  const all = bearersOf(text, await ask(NAMES));
  const ofKind = all.filter((iri) => iri.startsWith(`${things}${KINDS[name] ?? name}/`));
  const bearers = ofKind.length ? ofKind : all;
  if (bearers.length !== 1) throw new NoSuchThing(name, text, bearers);
  return `<${bearers[0]}>`;
}

/**
 * Returns the things that bear a name, where case, accents and an article do not matter.
 * @param {string} text
 * @param {Result} names
 */
function bearersOf(text, { results }) {
  const things = results.bindings.map(({ thing, label }) => [String(thing?.value), String(label?.value)]);
  for (const read of [fold, (/** @type {string} */ it) => fold(it).replace(ARTICLE, "")]) {
    const found = things.filter(([, label]) => read(label) === read(text)).map(([thing]) => thing);
    if (found.length) return [...new Set(found)];
  }
  return [];
}
