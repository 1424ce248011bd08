// Where a row comes from: the facts that its patterns are made of, each as it stands in the graph.
import { written } from "../cells.ts";
import { bodyOf, patternsOf, read, selecting, type QueryElement, type Read } from "./structure.ts";
import { Spent, type Within } from "./within.ts";

/** The facts in N-Triples, what cannot be told, whether the time was over. */
type Facts = { facts: string[]; cannot: Set<string>; spent?: boolean };

const MOST_SOLUTIONS = 20;
const MOST_FACTS = 100;
const TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";

/**
 * Returns the facts that a row may rest on, in N-Triples, and what cannot be told.
 * @param text the query
 * @param row as SPARQL's JSON has it
 */
export async function factsOf(text: string, row: Row, within: Within): Promise<Facts> {
  const query = read(text);
  if (!query) return { facts: [], cannot: new Set(["unread"]) };
  try {
    return await factsOfQuery(query, row, within);
  } catch (error) {
    if (!(error instanceof Spent)) throw error;
    return { facts: [], cannot: new Set(), spent: true };
  }
}

async function factsOfQuery(query: Read, row: Row, within: Within): Promise<Facts> {
  const bound = new Set(query.elements.flatMap(({ binds }) => [...binds]));
  const known = Object.entries(row).flatMap(([name, term]) =>
    bound.has(name) && (!query.grouped || query.keys.has(name)) && isNamed(term) ? [{ name, term }] : [],
  );
  const values = known.length
    ? `VALUES (${known.map(({ name }) => `?${name}`).join(" ")}) { (${known.map(({ term }) => written(term)).join(" ")}) }`
    : "";
  const solutions = await within.rows(
    selecting(query, "*", `{\n${bodyOf(query.elements)}\n}\n${values}`, `LIMIT ${MOST_SOLUTIONS + 1}`),
  );
  const patterns = patternsOf(query.elements);
  const constants = await constantsOf(query, patterns, within);
  const facts = new Set<string>();
  const cannot: Set<string> = new Set(elementsOf(query.elements).map(unknowable).filter(Boolean));
  for (const solution of solutions.slice(0, MOST_SOLUTIONS))
    for (const { terms = [], path } of patterns) {
      const fact = path
        ? []
        : terms.map((term) =>
            term.kind === "variable" || term.kind === "node" ? solution[term.text.slice(1)] : constants.get(term.text),
          );
      if (fact.some((it) => it && !isNamed(it))) cannot.add("unnamed");
      else if (fact.length && fact.every(isNamed) && fact[0].type === "uri" && fact[1].type === "uri")
        facts.add(`${fact.map((it) => written(it)).join(" ")} .`);
    }
  if (solutions.length > MOST_SOLUTIONS || facts.size > MOST_FACTS) cannot.add("cut");
  return { facts: [...facts].slice(0, MOST_FACTS), cannot };
}

const isNamed: (term: Term | undefined) => term is PlainTerm = (term) =>
  term !== undefined && term.type !== "bnode" && term.type !== "triple";

/** Returns the terms that the constants of patterns are, as the engine reads them. */
async function constantsOf(
  query: Read,
  patterns: QueryElement[],
  within: Within,
): Promise<Map<string, Term | undefined>> {
  const texts = [
    ...new Set(
      patterns
        .flatMap(({ terms = [] }) => terms)
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

const elementsOf: (elements: QueryElement[]) => QueryElement[] = (elements) =>
  elements.flatMap((element) => [element, ...(element.groups ?? []).flatMap(elementsOf)]);

function unknowable({ kind, path, shown = "" }: QueryElement) {
  if (path) return "path";
  if (kind === "subquery") return "subquery";
  return kind === "minus" || (kind === "filter" && /\bEXISTS\b/i.test(shown)) ? "absent" : "";
}
