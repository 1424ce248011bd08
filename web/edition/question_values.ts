// A question of the catalogue with values of one's own: the same file, other terms in its VALUES blocks.
import { fold } from "../base/folding.ts";

const CERTAINTY = /^(?:explicit|inferred|tentative)$/;
const SHORT = /^[a-z][a-z-]*\/[A-Za-z0-9\-._~/]+$/;
const WHOLE = /^<?([A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+)>?$/;
const ARTICLE = /^(?:(?:le|la|les|un|une|the|an|a) |l' ?)(?=.)/;
/** The kinds of things that parameters of these names take; others are named by their kind. */
const KINDS: Record<string, string> = { large: "theme", narrower: "theme", broader: "theme" };
/** What the names of things are asked by; the engine gives them all. */
const NAMES = `SELECT DISTINCT ?thing ?label WHERE {
  ?thing <http://www.w3.org/2000/01/rdf-schema#label> ?label .
}`;

/** A value names nothing, or several things; carries which. */
export class NoSuchThing extends Error {
  parameter;
  bearers;

  constructor(parameter: string, text: string, bearers: string[]) {
    super(text);
    this.parameter = parameter;
    this.bearers = bearers;
  }
}

/** What values are read by: how the addresses of terms and of things begin, and who answers a query. */
type Reading = { terms: string; things: string; ask: (query: string) => Promise<Result> };

/**
 * Returns the query of a question with other values; raises NoSuchThing.
 * @param values as people write them; an empty one stands for any thing
 */
export async function bound(query: string, values: Iterable<[string, string]>, reading: Reading) {
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
 * @param name of the parameter
 */
async function termOf(name: string, text: string, { terms, things, ask }: Reading) {
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

/** Returns the things that bear a name, where case, accents and an article do not matter. */
function bearersOf(text: string, { results }: Result) {
  const things = results.bindings.map(({ thing, label }) => [String(thing?.value), String(label?.value)]);
  for (const read of [fold, (it: string) => fold(it).replace(ARTICLE, "")]) {
    const found = things.filter(([, label]) => read(label) === read(text)).map(([thing]) => thing);
    if (found.length) return [...new Set(found)];
  }
  return [];
}
