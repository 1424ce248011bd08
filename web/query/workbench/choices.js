// Values that were chosen in a column, as an address has them: short where that is enough to find them
// again among the values of the column, else as SPARQL writes them.
import { written } from "./written_terms.js";

/** What stands between two values, and for none; an address need not escape either. */
const BETWEEN = "*";
const NONE = "-";
const LONGEST = 80;
const SHORT = new RegExp(`^(?!${NONE}$)[^<"${BETWEEN}][^${BETWEEN}]{0,${LONGEST - 1}}$`);

/**
 * Returns the values that have these numbers, empty where one of them has no name in another answer.
 * @param {(Term | undefined)[]} terms the values of the column, the first being none
 * @param {Iterable<number>} codes
 */
export function choiceWritten(terms, codes) {
  const short = shortNames(terms);
  const texts = [...codes].map((code) =>
    short.get(shortOf(terms[code])) === code ? shortOf(terms[code]) : whole(terms[code]),
  );
  return texts.every(Boolean) ? texts.join(BETWEEN) : "";
}

/**
 * Returns the numbers of the values that a text names, of those that there are.
 * @param {(Term | undefined)[]} terms
 * @param {string} text
 */
export function choiceRead(terms, text) {
  const short = shortNames(terms);
  const wanted = new Set(text.split(BETWEEN).filter(Boolean));
  const found = [...wanted].map((it) => short.get(it)).filter((code) => code !== undefined);
  if (/(?:^|\*)[<"]/.test(text)) terms.forEach((term, code) => wanted.has(whole(term)) && found.push(code));
  return new Set(found);
}

/** @type {WeakMap<(Term | undefined)[], Map<string | undefined, number | undefined>>} the short names of each column, looked through once */
const looked = new WeakMap();

/**
 * Returns which value each short name means; what several would be called means none.
 * @param {(Term | undefined)[]} terms
 */
function shortNames(terms) {
  const before = looked.get(terms);
  if (before) return before;
  /** @type {Map<string | undefined, number | undefined>} */
  const known = new Map();
  looked.set(terms, known);
  terms.forEach((term, code) => {
    const text = shortOf(term);
    if (text !== undefined) known.set(text, known.has(text) ? undefined : code);
  });
  return known;
}

/** @param {Term | undefined} term */
function shortOf(term) {
  if (!term) return NONE;
  const { type, value } = term;
  const text =
    type === "uri"
      ? value.slice(Math.max(...["/", "#", ":"].map((sign) => value.lastIndexOf(sign))) + 1)
      : type === "literal"
        ? value
        : "";
  return SHORT.test(text) ? text : undefined;
}

/** @param {Term | undefined} term */
const whole = (term) =>
  term && (term.type === "uri" || term.type === "literal") ? written(term).replaceAll(BETWEEN, "\\u002A") : "";
