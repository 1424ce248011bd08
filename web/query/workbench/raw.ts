// The answer as it stands, in any of its formats; a graph also as Turtle with the names of its things.
import { save } from "../../base/elements.ts";
import { fileOf } from "./asking.ts";
import type { Names } from "./names.ts";

const LONGEST = 20_000;
const MOST_NAMED = 2000;
const WITH_NAMES = "names";
const TURTLE = "text/turtle";

export class Raw {
  /** The text in each format that it was asked in. */
  texts = new Map<string, Promise<string>>();

  parts;
  answer!: { query: string; text: string; type: string; graph: boolean };
  endpoint!: string;
  names!: Names;
  words!: Words;

  constructor(parts: Parts, how: Pick<Raw, "answer" | "endpoint" | "names" | "words"> & { formats: string[][] }) {
    const { formats, ...own } = how;
    Object.assign(this, own);
    const { answer, words } = this;
    this.parts = parts;
    this.texts.set(answer.type, Promise.resolve(answer.text));
    const choices = formats.map(([, label, type]) => new Option(label, type));
    if (answer.graph) choices.unshift(new Option(words.turtle_named, WITH_NAMES));
    parts.rawFormat.replaceChildren(...choices);
    parts.rawFormat.value = answer.graph ? WITH_NAMES : answer.type;
    parts.rawFormat.addEventListener("change", () => this.show());
    parts.raw.addEventListener("toggle", () => this.show());
  }

  async show() {
    const { rawFormat, rawText, rawCut, raw } = this.parts;
    if (!raw.open) return;
    const format = rawFormat.value;
    const text = await this.text(format).catch(() => this.words.no_format);
    if (format !== rawFormat.value) return;
    rawText.textContent = text.slice(0, LONGEST);
    rawCut.hidden = text.length <= LONGEST;
  }

  text(format: string): Promise<string> {
    if (format === WITH_NAMES) return this.named();
    const text = this.texts.get(format) ?? this.asked(format);
    this.texts.set(format, text);
    return text;
  }

  async asked(format: string) {
    try {
      return await (await fileOf(this.answer.query, this.endpoint, format)).text();
    } catch (error) {
      this.texts.delete(format);
      throw error;
    }
  }

  /** Returns the graph in Turtle by the prefixes of its query, with the names of its things as far as they are not too many. */
  async named() {
    const [{ prefixesOf }, { thingsOf, withNames, withPrefixes }] = await Promise.all([
      import("./syntax.ts"),
      import("./turtle.ts"),
    ]);
    const text = await this.text(TURTLE);
    const things = [...new Set([...thingsOf(text).values()].flat())];
    await this.names.want(things.slice(0, MOST_NAMED));
    const { declared } = prefixesOf(this.answer.query);
    return withNames(withPrefixes(text, declared), (iri) => this.names.of(iri)?.label);
  }

  async saveNamed() {
    save(new Blob([await this.named()], { type: TURTLE }), "answer-names.ttl");
  }
}

// A graph as rows: the triples of N-Triples, as SPARQL's JSON would have their terms.

const TOKEN =
  /\s*(?:<(?<iri>[^<>"\s]*)>|_:(?<node>[^\s<>"]*[^\s<>".])|"(?<text>(?:[^"\\]|\\.)*)"(?:@(?<language>[\w-]+)|\^\^<(?<datatype>[^<>"\s]*)>)?|(?<sign><<\(|\)>>|\.))/sy;
const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/gs;
const LETTERS: Record<string, string> = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f" };

export const COLUMNS = ["subject", "predicate", "object"];

/** A line, and how far it is read. */
type Reader = { line: string; at: number };

/** Returns the triples of a graph; a line that cannot be read is left out. */
export const triplesOf = (text: string) => text.split("\n").map(tripleOf).filter(Boolean);

function tripleOf(line: string) {
  const reader = { line, at: 0 };
  const terms = COLUMNS.map(() => term(reader));
  return terms.every((it) => it !== undefined) ? rowOf(terms) : undefined;
}

const rowOf = ([subject, predicate, object]: Term[]) => ({ subject, predicate, object });

function term(reader: Reader): Term | undefined {
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
function inner(reader: Reader): TripleTerm | undefined {
  const terms = COLUMNS.map(() => term(reader));
  term(reader);
  return terms.every((it) => it !== undefined) ? { type: "triple", value: rowOf(terms) } : undefined;
}

const read = (text: string) =>
  text.includes("\\")
    ? text.replace(ESCAPE, (_, four, eight, letter) =>
        letter ? (LETTERS[letter] ?? letter) : String.fromCodePoint(parseInt(four ?? eight, 16)),
      )
    : text;
