// Where a row comes from: the facts that its patterns are made of, each as it stands in the graph.
import { written } from "./near.js";
import { bodyOf, patternsOf, read, selecting } from "./structure.js";
import { Spent } from "./within.js";

const MOST_SOLUTIONS = 20;
const MOST_FACTS = 100;
const TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";

/**
 * Returns the facts that a row may rest on, in N-Triples, and what cannot be told.
 * @param {string} text the query
 * @param {Record<string, object>} row as SPARQL's JSON has it
 * @param {import("./within.js").Within} within
 */
export async function factsOf(text, row, within) {
  const query = read(text);
  if (!query) return { facts: [], cannot: new Set(["unread"]) };
  try {
    return await factsOfQuery(query, row, within);
  } catch (error) {
    if (!(error instanceof Spent)) throw error;
    return { facts: [], cannot: new Set(), spent: true };
  }
}

async function factsOfQuery(query, row, within) {
  const bound = new Set(query.elements.flatMap(({ binds }) => [...binds]));
  const names = Object.keys(row).filter(
    (name) => bound.has(name) && (!query.grouped || query.keys.has(name)) && isNamed(row[name]),
  );
  const plain = { ...query, text: "" };
  const values = names.length
    ? `VALUES (${names.map((it) => `?${it}`).join(" ")}) { (${names.map((it) => written(row[it], plain)).join(" ")}) }`
    : "";
  const solutions = await within.rows(
    selecting(query, "*", `{\n${bodyOf(query.elements)}\n}\n${values}`, `LIMIT ${MOST_SOLUTIONS + 1}`),
  );
  const patterns = patternsOf(query.elements);
  const constants = await constantsOf(query, patterns, within);
  const facts = new Set();
  const cannot = new Set(elementsOf(query.elements).map(unknowable).filter(Boolean));
  for (const solution of solutions.slice(0, MOST_SOLUTIONS))
    for (const { terms, path } of patterns) {
      const fact = path
        ? []
        : terms.map((term) =>
            term.kind === "variable" || term.kind === "node" ? solution[term.text.slice(1)] : constants.get(term.text),
          );
      if (fact.some((it) => it && !isNamed(it))) cannot.add("unnamed");
      else if (fact.length && fact.every(Boolean) && fact[0].type === "uri" && fact[1].type === "uri")
        facts.add(`${fact.map((it) => written(it, plain)).join(" ")} .`);
    }
  if (solutions.length > MOST_SOLUTIONS || facts.size > MOST_FACTS) cannot.add("cut");
  return { facts: [...facts].slice(0, MOST_FACTS), cannot };
}

const isNamed = ({ type }) => type !== "bnode" && type !== "triple";

/** Returns the terms that the constants of patterns are, as the engine reads them. */
async function constantsOf(query, patterns, within) {
  const texts = [
    ...new Set(
      patterns
        .flatMap(({ terms }) => terms)
        .filter(({ kind }) => kind === "iri" || kind === "literal")
        .map(({ text }) => text),
    ),
  ];
  if (!texts.length) return new Map();
  const [row] = await within.rows(
    `${query.prologue}\nSELECT ${texts.map((text, at) => `(${text === "a" ? TYPE : text} AS ?c${at})`).join(" ")} {}`,
  );
  return new Map(texts.map((text, at) => [text, row?.[`c${at}`]]));
}

const elementsOf = (elements) =>
  elements.flatMap((element) => [element, ...(element.groups ?? []).flatMap(elementsOf)]);

function unknowable({ kind, path, shown = "" }) {
  if (path) return "path";
  if (kind === "subquery") return "subquery";
  return kind === "minus" || (kind === "filter" && /\bEXISTS\b/i.test(shown)) ? "absent" : "";
}
