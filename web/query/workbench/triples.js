// A graph as rows: the triples of N-Triples, as SPARQL's JSON would have their terms.

const TOKEN =
  /\s*(?:<(?<iri>[^<>"\s]*)>|_:(?<node>[^\s<>"]*[^\s<>".])|"(?<text>(?:[^"\\]|\\.)*)"(?:@(?<language>[\w-]+)|\^\^<(?<datatype>[^<>"\s]*)>)?|(?<sign><<\(|\)>>|\.))/sy;
const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/gs;
/** @type {Record<string, string>} */
const LETTERS = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f" };

export const COLUMNS = ["subject", "predicate", "object"];

/** @typedef {{line: string, at: number}} Reader a line, and how far it is read */

/**
 * Returns the triples of a graph; a line that cannot be read is left out.
 * @param {string} text
 */
export const triplesOf = (text) => text.split("\n").map(tripleOf).filter(Boolean);

/** @param {string} line */
function tripleOf(line) {
  const reader = { line, at: 0 };
  const terms = COLUMNS.map(() => term(reader));
  return terms.every((it) => it !== undefined) ? rowOf(terms) : undefined;
}

/** @param {Term[]} terms */
const rowOf = ([subject, predicate, object]) => ({ subject, predicate, object });

/**
 * @param {Reader} reader
 * @returns {Term | undefined}
 */
function term(reader) {
  TOKEN.lastIndex = reader.at;
  const found = TOKEN.exec(reader.line)?.groups;
  if (!found) return undefined;
  reader.at = TOKEN.lastIndex;
  const { iri, node, text, language, datatype, sign } = found;
  if (iri !== undefined) return { type: "uri", value: read(iri) };
  if (node !== undefined) return { type: "bnode", value: node };
  if (text !== undefined)
    return {
      type: "literal",
      value: read(text),
      ...(language && { "xml:lang": language }),
      ...(datatype && { datatype: read(datatype) }),
    };
  return sign === "<<(" ? inner(reader) : undefined;
}

/**
 * A triple within a triple.
 * @param {Reader} reader
 * @returns {TripleTerm | undefined}
 */
function inner(reader) {
  const terms = COLUMNS.map(() => term(reader));
  term(reader);
  return terms.every((it) => it !== undefined) ? { type: "triple", value: rowOf(terms) } : undefined;
}

/** @param {string} text */
const read = (text) =>
  text.includes("\\")
    ? text.replace(ESCAPE, (_, four, eight, letter) =>
        letter ? (LETTERS[letter] ?? letter) : String.fromCodePoint(parseInt(four ?? eight, 16)),
      )
    : text;
