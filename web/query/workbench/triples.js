// A graph as rows: the triples of N-Triples, as SPARQL's JSON would have their terms.

const TOKEN =
  /\s*(?:<(?<iri>[^<>"\s]*)>|_:(?<node>[^\s<>"]*[^\s<>".])|"(?<text>(?:[^"\\]|\\.)*)"(?:@(?<language>[\w-]+)|\^\^<(?<datatype>[^<>"\s]*)>)?|(?<sign><<\(|\)>>|\.))/sy;
const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/gs;
const LETTERS = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f" };

export const COLUMNS = ["subject", "predicate", "object"];

/** Returns the triples of a graph; a line that cannot be read is left out. */
export const triplesOf = (text) => text.split("\n").map(tripleOf).filter(Boolean);

function tripleOf(line) {
  const reader = { line, at: 0 };
  const terms = COLUMNS.map(() => term(reader));
  return terms.every(Boolean) ? rowOf(terms) : undefined;
}

const rowOf = (terms) => Object.fromEntries(COLUMNS.map((name, at) => [name, terms[at]]));

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

/** A triple within a triple. */
function inner(reader) {
  const terms = COLUMNS.map(() => term(reader));
  term(reader);
  return terms.every(Boolean) ? { type: "triple", value: rowOf(terms) } : undefined;
}

const read = (text) =>
  text.includes("\\")
    ? text.replace(ESCAPE, (_, four, eight, letter) =>
        letter ? (LETTERS[letter] ?? letter) : String.fromCodePoint(parseInt(four ?? eight, 16)),
      )
    : text;
