// The tokens of a query, half-written as it may be: the leaves of the syntax tree of the editor's grammar.
import { SparqlLanguage } from "codemirror-lang-sparql";

export type Kind = "comment" | "iri" | "string" | "variable" | "language" | "name" | "number" | "word" | "sign";
export type Token = { kind: Kind; text: string; from: number; to: number };

const KINDS: Record<string, Kind> = {
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

/** Returns the tokens of a query in their order, and whether it is one without a mistake. */
export function syntaxOf(text: string): { tokens: Token[]; whole: boolean } {
  if (text !== last.text) last = { text, ...new Leaves(text) };
  return last;
}

/** Returns the tokens of a query in their order. */
export const tokensOf = (text: string) => syntaxOf(text).tokens;

/** Several parts ask about the same query, one after the other. */
let last = { text: "", tokens: [] as Token[], whole: false };

/** Reads the leaves of a tree; what lies between them are signs, and all that the grammar did not expect. */
class Leaves {
  tokens: Token[] = [];
  whole = true;
  /** How far the text is read. */
  #at = 0;
  /** Where the last mistake ends. */
  #wrong = 0;
  #text;

  constructor(text: string) {
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

  #leaf(name: string, from: number, to: number) {
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

  /** Takes the rest of a leaf that was not all that the grammar took it for. */
  #again(to: number) {
    const start = this.#at;
    if (to <= start) return;
    for (const { kind, text, from } of new Leaves(this.#text.slice(start, to)).tokens)
      this.#take(kind, text, start + from);
  }

  /** Takes what no leaf holds, up to a place. */
  #between(end: number) {
    while (this.#at < end) {
      const at = this.#at;
      if (/\s/.test(this.#text[at])) this.#at++;
      else if (at < this.#wrong && this.#found(OPEN_IRI, "iri", at)) continue;
      else if (!this.#found(TEXT, "string", at)) this.#found(REST, "sign", at);
    }
  }

  #found(pattern: RegExp, kind: Kind, at: number) {
    pattern.lastIndex = at;
    const [text] = pattern.exec(this.#text) ?? [];
    if (text) this.#take(kind === "sign" && WORD.test(text) ? "word" : kind, text, at);
    return Boolean(text);
  }

  #take(kind: Kind, text: string, from: number) {
    this.#at = from + text.length;
    this.tokens.push({ kind, text, from, to: this.#at });
  }
}

// The prefixes of a query: those it declares, those it uses, and which IRI a name stands for.

/** Returns the prefixes that a query declares, and those that it uses without. */
export function prefixesOf(text: string) {
  const declared = new Map<string, string>();
  const used = new Set<string>();
  let declaring = null;
  let before = "";
  for (const token of tokensOf(text)) {
    if (token.kind === "comment") continue;
    if (token.kind === "name") {
      const prefix = token.text.slice(0, token.text.indexOf(":"));
      if (before === "PREFIX") declared.set((declaring = prefix), "");
      else if (prefix !== "_") used.add(prefix);
    } else if (token.kind === "iri" && declaring !== null) declared.set(declaring, token.text.slice(1, -1));
    if (token.kind !== "name") declaring = null;
    before = token.text.toUpperCase();
  }
  return { declared, missing: [...used].filter((prefix) => !declared.has(prefix)) };
}

/** Returns what says which IRI a prefixed name is in a query: by its own prefixes, else by ours. */
export function iris(text: string, prefixes: Record<string, string>) {
  const { declared } = prefixesOf(text);
  return (name: string) => {
    const prefix = name.slice(0, name.indexOf(":"));
    const namespace = declared.get(prefix) || (Object.hasOwn(prefixes, prefix) ? prefixes[prefix] : undefined);
    return namespace === undefined ? name : namespace + name.slice(prefix.length + 1);
  };
}
