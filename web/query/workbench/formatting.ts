// A query in an even layout: only the space between its tokens changes, so that it means the same.
import { syntaxOf, type Token } from "./syntax.ts";

/** A token with the line breaks and space before it. */
type Spaced = Token & { lines: number; spaced: boolean };

const WIDTH = 100;
const STEP = "  ";
const COMPARES = /^(?:&&|\|\||!?=|[<>]=?)$/;
const CLAUSES =
  "PREFIX BASE SELECT CONSTRUCT DESCRIBE ASK FROM FILTER OPTIONAL MINUS GRAPH SERVICE BIND VALUES GROUP HAVING ORDER LIMIT OFFSET";
const BEGINS = new Set(CLAUSES.split(" "));
/** These make a group of more than one thing. */
const SEVERAL = new Set(["FILTER", "OPTIONAL", "MINUS", "GRAPH", "SERVICE", "BIND", "VALUES", "SELECT", "UNION"]);

/** Returns a query in its layout, null where it has a mistake. */
export function formatted(text: string) {
  const before = tokensOf(text);
  if (!before) return null;
  const after = new Layout(before).lines.join("\n").trim() + (text.endsWith("\n") ? "\n" : "");
  const kept = tokensOf(after);
  return kept && kept.length === before.length && kept.every((token, at) => token.text === before[at].text)
    ? after
    : null;
}

/** Returns the tokens of a query with the line breaks and space before each, null where it has a mistake. */
function tokensOf(text: string) {
  const { tokens, whole } = syntaxOf(text);
  if (!whole) return null;
  return tokens.map((token, at) => {
    const space = text.slice(tokens[at - 1]?.to ?? 0, token.from);
    return { ...token, lines: space.split("\n").length - 1, spaced: space !== "" };
  });
}

class Layout {
  lines: string[] = [];
  line = "";
  groups = 0;
  brackets = 0;
  /** How far what goes on is put in. */
  further = 0;
  clause = "";

  tokens;
  closes;
  before: Spaced | undefined;
  ended = false;
  data = false;

  constructor(tokens: Spaced[]) {
    this.tokens = tokens;
    this.closes = pairs(tokens);
    for (let at = 0; at < tokens.length; at++) at = this.take(at);
    this.end();
  }

  take(at: number) {
    const { tokens } = this;
    this.before = tokens[at - 1];
    const token = tokens[at];
    const { kind, text, lines } = token;
    const word = kind === "word" ? text.toUpperCase() : "";
    if (kind === "comment") this.comment(token);
    else if (text === "{" && kind === "sign") return this.open(at);
    else if (text === "}" && kind === "sign") this.close(token);
    else if (this.brackets || /^[([]$/.test(text)) this.inside(token);
    else if (word && BEGINS.has(word)) this.begin(token, word);
    else if (word === "WHERE" && this.clause === "FROM") this.begin(token, word);
    else {
      if (lines && (this.clause === "SELECT" || tokens[at - 1]?.text === ",")) this.break(lines, 1);
      this.add(text, token);
      if (text === "." || text === ";") this.finish(text === ";" ? 1 : 0, at);
    }
    return at;
  }

  begin(token: Spaced, word: string) {
    this.further = 0;
    this.break(token.lines);
    this.add(token.text, token);
    this.clause = word;
  }

  comment({ text, lines }: Spaced) {
    if (lines) this.break(lines);
    this.line = this.line.trim() ? `${this.line} ${text}` : (this.line || this.indent()) + text;
    this.end();
  }

  open(at: number) {
    const { tokens } = this;
    const end = this.closes.get(at);
    const inner = tokens.slice(at + 1, end);
    if (this.starts()) this.break(tokens[at].lines);
    const short = `{ ${joined(inner)} }`.replace("{  }", "{}");
    const whole = this.line || this.indent();
    if (this.brackets || (isShort(inner, this.clause, this.groups > 0) && whole.length + short.length < WIDTH)) {
      this.add(short, { ...tokens[at], spaced: true });
      if (!this.brackets) [this.clause, this.ended] = ["", true];
      return end;
    }
    this.add("{", { ...tokens[at], spaced: true });
    this.end();
    this.groups++;
    this.further = 0;
    this.data = this.clause === "VALUES";
    this.clause = "";
    return at;
  }

  /** Whether a group begins by itself, and is no part of what stands before it. */
  starts() {
    return !this.brackets && (!this.line.trim() || /[}.;]$/.test(this.line));
  }

  close({ lines }: Spaced) {
    this.further = 0;
    this.end();
    this.groups = Math.max(this.groups - 1, 0);
    this.break(Math.min(lines, 1));
    this.line = `${this.indent()}}`;
    this.data = false;
    this.clause = "";
    this.ended = true;
  }

  inside(token: Spaced) {
    const { text, lines } = token;
    if (/^[)\]]$/.test(text)) this.brackets = Math.max(this.brackets - 1, 0);
    if (this.data && text === "(" && !this.brackets) this.break(1);
    else if (lines && this.line.trim() && (this.brackets || text !== "(") && !this.ended)
      this.break(lines, 1 + this.brackets - (/^[)\]]$/.test(text) ? 1 : 0));
    this.add(text, token);
    if (/^[([]$/.test(text)) this.brackets++;
    // FILTER (…) and BIND (…) are whole.
    else if (!this.brackets && text === ")" && (this.clause === "FILTER" || this.clause === "BIND"))
      [this.clause, this.ended] = ["", true];
  }

  finish(further: number, at: number) {
    const next = this.tokens[at + 1];
    if (next?.kind !== "comment" || next.lines) this.end();
    this.further = further;
  }

  add(text: string, { kind, spaced }: Spaced) {
    if (this.ended) {
      this.ended = false;
      if (!/^(?:UNION|[.])$/i.test(text)) this.break(1);
    }
    if (!this.line.trim()) this.line = (this.line || this.indent()) + text;
    else if (isTight(text, kind, spaced, this.before)) this.line += text;
    else this.line += ` ${text}`;
  }

  indent() {
    return STEP.repeat(this.groups + this.further);
  }

  /** Begins a line, after an empty one where there was one; what goes on is put in further. */
  break(lines: number, further = this.further) {
    this.end();
    if (lines > 1 && this.lines.length && this.lines.at(-1) !== "" && !this.lines.at(-1)?.endsWith("{"))
      this.lines.push("");
    this.line = STEP.repeat(this.groups + further);
  }

  end() {
    if (this.line.trim()) this.lines.push(this.line.trimEnd());
    this.line = "";
    this.ended = false;
  }
}

/** Tells whether a token stands right after the last; where no rule says so, as it did. */
function isTight(text: string, kind: string, spaced: boolean, before: Spaced | undefined) {
  const last = before?.kind === "sign" ? before.text : "";
  if ((kind === "sign" && (text === ")" || text === ",")) || last === "(") return true;
  if (kind === "sign" && (/^[;.{}[\]]$/.test(text) || COMPARES.test(text))) return false;
  if (/^[,;{}[]$/.test(last) || COMPARES.test(last) || (last === ")" && text === "(")) return false;
  const parts = text.startsWith("@") || text === "^^" || before?.text === "^^";
  return !spaced && (parts || kind === "sign" || last !== "");
}

/** Returns which bracket closes each brace. */
function pairs(tokens: Spaced[]) {
  const open: number[] = [];
  const found = new Map();
  tokens.forEach(({ kind, text }, at) => {
    if (kind !== "sign") return;
    if (text === "{") open.push(at);
    else if (text === "}" && open.length) found.set(open.pop(), at);
  });
  return found;
}

/** Tells whether a group has one thing in it; one within another may have several patterns, as it was written. */
function isShort(inner: Spaced[], clause: string, nested: boolean) {
  if (inner.some(({ kind }) => kind === "comment")) return false;
  if (clause === "VALUES") return true;
  const asWritten = nested && inner.every(({ lines }) => !lines);
  return !inner.some(
    ({ kind, text }, at) =>
      (kind === "word" && SEVERAL.has(text.toUpperCase())) ||
      (kind === "sign" && (text === "{" || (!asWritten && (text === "." || text === ";") && at < inner.length - 1))),
  );
}

/** Returns tokens on one line. */
function joined(tokens: Spaced[]) {
  let line = "";
  tokens.forEach(({ kind, text, spaced }, at) => {
    line += !line || isTight(text, kind, spaced, tokens[at - 1]) ? text : ` ${text}`;
  });
  return line;
}
