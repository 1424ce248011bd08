// A term that the graph does not have, though it has one that is written nearly so.
import { LIKE, likeness } from "./likeness.js";
import { iris } from "./prefixes.js";
import { situation } from "./situation.js";
import { tokensOf } from "./syntax.js";

/** A longer query is not looked through. */
const LONGEST = 20_000;

/** Where a property or a class stands. */
const TERMS = new Set(["predicate", "class"]);

/**
 * Returns the first name of a vocabulary of the graph that is none of its terms and near one of them.
 * @param {string} text a query without a mistake
 * @param {Vocable[]} terms
 * @param {Record<string, string>} prefixes
 */
export function misspelt(text, terms, prefixes) {
  if (text.length > LONGEST) return null;
  const known = new Map(terms.map((term) => [term.iri, term]));
  const iriOf = iris(text, prefixes);
  let before = "";
  for (const token of tokensOf(text)) {
    const declares = before === "PREFIX";
    if (token.kind !== "comment") before = token.text.toUpperCase();
    if (token.kind !== "name" || declares || token.text.startsWith("_:")) continue;
    const iri = iriOf(token.text);
    const at = iri.length - token.text.length + token.text.indexOf(":") + 1;
    const [namespace, local] = [iri.slice(0, at), iri.slice(at)];
    if (known.has(iri) || !local || iri === token.text) continue;
    const near = terms
      .filter((term) => term.iri.startsWith(namespace) && term.iri.length > namespace.length)
      .map((term) => ({ term, like: likeness(local, term.iri.slice(namespace.length)) }))
      .filter(({ like }) => like >= LIKE)
      .sort((a, b) => b.like - a.like || (b.term.uses ?? 0) - (a.term.uses ?? 0));
    if (!near.length || !TERMS.has(situation(text, token.from, iriOf).place)) continue;
    const meant = token.text.slice(0, token.text.indexOf(":") + 1) + near[0].term.iri.slice(namespace.length);
    return { ...token, meant, query: text.slice(0, token.from) + meant + text.slice(token.to) };
  }
  return null;
}
