// Where in a query something is written, half-written as it may be. A grammar finds no pattern where one is
// still to be written, so its tokens are followed one by one, not the groups that it makes of them.
import { tokensOf, type Kind, type Token } from "./syntax.ts";

const CLOSED = /^(?:"{3}[^]*"{3}|'{3}[^]*'{3}|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')$/;
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
type Where =
  "text" | "clause" | "subject" | "predicate" | "object" | "class" | "after" | "expression" | "values" | "graph" | Kind;
type Frame = {
  kind: "clause" | "group" | "list" | "path" | "node";
  place: Where;
  subject?: string | symbol;
  typed?: boolean;
  path?: boolean;
  datatype?: boolean;
};

const BEGINS = new Set(["FILTER", "BIND", "HAVING"]);

/**
 * Returns where in the query a place stands: as the subject, predicate or object of which pattern.
 * @param text the query
 * @param at the place, where a term begins that is being written
 * @param iriOf the IRI of a prefixed name
 */
export function situation(
  text: string,
  at: number,
  iriOf: (name: string) => string,
): { place: Where; classes?: string[] } {
  const reading = new Reading(iriOf);
  let here: { place: Where; subject?: string | symbol } | null = null;
  for (const token of tokensOf(text)) {
    const around = token.from < at && (token.to > at || (token.to === at && goesOn(token)));
    if (around) return { place: token.kind === "comment" || token.kind === "string" ? "text" : token.kind };
    if (token.from >= at) here ??= reading.here();
    if (token.kind !== "comment") reading.take(token);
  }
  here ??= reading.here();
  const classes = [...(reading.classes.get(here.subject) ?? [])].filter((it) => typeof it === "string");
  return { place: here.place, classes };
}

/** Tells whether what comes right after a token would still be of it. */
const goesOn = ({ kind, text }: Token) => kind === "comment" || (kind === "string" && !CLOSED.test(text));

/** Reads patterns: a frame for each bracket that is open, and what is expected in it. */
class Reading {
  /** The classes of each subject. */
  classes = new Map<string | symbol | undefined, Set<string | symbol>>();
  frames: Frame[] = [{ kind: "clause", place: "clause" }];

  iriOf;

  constructor(iriOf: (name: string) => string) {
    this.iriOf = iriOf;
  }

  get frame() {
    return this.frames[this.frames.length - 1];
  }

  here() {
    const { place, subject, typed } = this.frame;
    return { place: place === "object" && typed ? "class" : place, subject };
  }

  take({ kind, text }: Token) {
    const { frame } = this;
    if (kind === "language") return;
    if (kind === "word" && text !== "a") this.word(text.toUpperCase());
    else if (kind === "sign") this.sign(text);
    else if (frame.datatype) frame.datatype = false;
    else this.term(kind === "iri" ? text.slice(1, -1) : kind === "name" ? this.iriOf(text) : text);
  }

  word(word: string) {
    const { frame } = this;
    if (word === "PREFIX" || word === "BASE") return;
    if (BEGINS.has(word)) frame.place = "expression";
    else if (word === "VALUES") frame.place = "values";
    else if (word === "GRAPH" || word === "SERVICE") frame.place = "graph";
    else if (word === "SELECT") frame.place = "clause";
    else if (frame.place === "subject" || frame.place === "object") this.term(word);
  }

  term(term: string | symbol) {
    const { frame } = this;
    if (frame.place === "subject") Object.assign(frame, { subject: term, place: "predicate" });
    else if (frame.place === "predicate") {
      frame.typed = !frame.path && (term === "a" || term === TYPE);
      frame.place = "object";
    } else if (frame.place === "object") {
      if (frame.typed) this.classes.set(frame.subject, (this.classes.get(frame.subject) ?? new Set()).add(term));
      frame.place = "after";
    }
  }

  sign(sign: string) {
    const { frame } = this;
    if (sign === "{") this.open("group", frame.place === "values" ? "values" : "subject");
    else if (sign === "(")
      if (frame.place === "predicate") this.open("path", "predicate");
      else this.open("list", frame.place === "values" ? "values" : "expression");
    else if (sign === "[") this.open("node", "predicate", Symbol("node"));
    else if (sign === "}" || sign === ")" || sign === "]") this.close();
    else if (sign === "^^") frame.datatype = true;
    else if ((sign === "/" || sign === "|" || sign === "^") && frame.place === "object")
      Object.assign(frame, { place: "predicate", path: true });
    else if (sign === "^" || sign === "!") frame.path = true;
    else if (sign === ";" && frame.subject !== undefined) Object.assign(frame, { place: "predicate", path: false });
    else if (sign === "," && frame.place === "after") frame.place = "object";
    else if (sign === "." && frame.kind === "group") this.next();
  }

  next() {
    Object.assign(this.frame, { place: "subject", subject: undefined, path: false, typed: false });
  }

  open(kind: Frame["kind"], place: Where, subject?: string | symbol) {
    this.frames.push({ kind, place, subject });
  }

  close() {
    if (this.frames.length === 1) return;
    const { kind, subject } = this.frames.pop() as Frame;
    const { frame } = this;
    if (kind === "path") Object.assign(frame, { place: "object", path: true, typed: false });
    else if (kind === "node" && subject) this.term(subject);
    else if (kind === "group" && frame.kind === "group") this.next();
    else if (frame.place === "expression" && frame.kind === "group") this.next();
    else if (frame.place === "object" || frame.place === "subject") this.term(Symbol("list"));
  }
}
