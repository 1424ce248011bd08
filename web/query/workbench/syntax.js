// The tokens of a query, half-written as it may be: the leaves of the syntax tree of the editor's grammar.
import { SparqlLanguage } from "codemirror-lang-sparql";

/**
 * @typedef {"comment" | "iri" | "string" | "variable" | "language" | "name" | "number" | "word" | "sign"} Kind
 * @typedef {{kind: Kind, text: string, from: number, to: number}} Token
 */

/** @type {Record<string, Kind>} */
const KINDS = {
  Comment: "comment",
  IriRef: "iri",
  String: "string",
  Var: "variable",
  Langtag: "language",
  Pname_ln: "name",
  Pname_ns: "name",
  Blank_node_label: "name",
  Keyword: "word",
  A_predicate: "word",
};
const NUMBER = /^(?:Integer|Decimal|Double)/;
const KEYWORD = /^[A-Z][A-Z_0-9]*$/;
/** A text, of several lines even, that perhaps nobody closed: only as a whole has the grammar a token for it. */
const TEXT = /"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?/y;
/** An IRI that nobody closed. */
const OPEN_IRI = /<[^<>"{}|^`\\\s]+/y;
/** Signs, to which the grammar gives no name, and words that it did not expect. */
const REST = /\^\^|&&|\|\||[!<>]=|[\p{L}_][\p{L}\p{N}_-]*|\S/uy;
const WORD = /^[\p{L}_]/u;
/** Functions whose names the grammar has, but takes apart before the digit. */
const HASHES = /\b(?:MD5|SHA1|SHA256|SHA384|SHA512)(?=\s*\()/gi;
/** Others of one value, by how long their names are. */
const LIKE_HASHES = new Map(["ABS", "CEIL", "STRLEN"].map((name) => [name.length, name]));

/**
 * Returns the tokens of a query in their order, and whether it is one without a mistake.
 * @param {string} text
 * @returns {{tokens: Token[], whole: boolean}}
 */
export function syntaxOf(text) {
  if (text !== last.text) last = { text, ...new Leaves(text) };
  return last;
}

/**
 * Returns the tokens of a query in their order.
 * @param {string} text
 */
export const tokensOf = (text) => syntaxOf(text).tokens;

/** Several parts ask about the same query, one after the other. */
let last = { text: "", tokens: /** @type {Token[]} */ ([]), whole: false };

/** Reads the leaves of a tree; what lies between them are signs, and all that the grammar did not expect. */
class Leaves {
  /** @type {Token[]} */
  tokens = [];
  whole = true;
  /** How far the text is read. */
  #at = 0;
  /** Where the last mistake ends. */
  #wrong = 0;
  #text;

  /** @param {string} text */
  constructor(text) {
    this.#text = text;
    const read = text.replace(HASHES, (name) => LIKE_HASHES.get(name.length) ?? name);
    SparqlLanguage.parser.parse(read).iterate({
      enter: ({ type, name, from, to, node }) => {
        if (!type.isError && node.firstChild) return;
        this.#between(from);
        if (type.isError) [this.whole, this.#wrong] = [false, to];
        else this.#leaf(name, from, to);
      },
    });
    this.#between(text.length);
  }

  /**
   * @param {string} name
   * @param {number} from
   * @param {number} to
   */
  #leaf(name, from, to) {
    const kind = NUMBER.test(name) ? "number" : (KINDS[name] ?? (KEYWORD.test(name) ? "word" : undefined));
    // What began before it may end within it.
    if (from < this.#at) this.#again(to);
    // It is of several tokens: brackets around nothing.
    if (!kind || from < this.#at) return;
    if (kind === "comment")
      for (const { 0: line, index } of this.#text.slice(from, to).matchAll(/#[^\n]*/g))
        this.#take(kind, line, from + index);
    else if (kind === "string") this.#found(TEXT, kind, from);
    else this.#take(kind, this.#text.slice(from, to), from);
  }

  /**
   * Takes the rest of a leaf that was not all that the grammar took it for.
   * @param {number} to
   */
  #again(to) {
    const start = this.#at;
    if (to <= start) return;
    for (const { kind, text, from } of new Leaves(this.#text.slice(start, to)).tokens)
      this.#take(kind, text, start + from);
  }

  /**
   * Takes what no leaf holds, up to a place.
   * @param {number} end
   */
  #between(end) {
    while (this.#at < end) {
      const at = this.#at;
      if (/\s/.test(this.#text[at])) this.#at++;
      else if (at < this.#wrong && this.#found(OPEN_IRI, "iri", at)) continue;
      else if (!this.#found(TEXT, "string", at)) this.#found(REST, "sign", at);
    }
  }

  /**
   * @param {RegExp} pattern
   * @param {Kind} kind
   * @param {number} at
   */
  #found(pattern, kind, at) {
    pattern.lastIndex = at;
    const [text] = pattern.exec(this.#text) ?? [];
    if (text) this.#take(kind === "sign" && WORD.test(text) ? "word" : kind, text, at);
    return Boolean(text);
  }

  /**
   * @param {Kind} kind
   * @param {string} text
   * @param {number} from
   */
  #take(kind, text, from) {
    this.#at = from + text.length;
    this.tokens.push({ kind, text, from, to: this.#at });
  }
}
