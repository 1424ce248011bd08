// The answer as it stands, in any of its formats; a graph also as Turtle with the names of its things.
import { fileOf } from "./asking.js";
import { save } from "./files.js";

const LONGEST = 20_000;
const MOST_NAMED = 2000;
const WITH_NAMES = "names";
const TURTLE = "text/turtle";

export class Raw {
  /** The text in each format that it was asked in. */
  /** @type {Map<string, Promise<string>>} */
  texts = new Map();

  /**
   * @param {Parts} parts
   * @param {{answer: {query: string, text: string, type: string, graph: boolean}, formats: string[][], endpoint: string, names: import("./names.js").Names, words: Words}} how
   */
  constructor(parts, { answer, formats, endpoint, names, words }) {
    this.parts = parts;
    this.answer = answer;
    this.endpoint = endpoint;
    this.names = names;
    this.words = words;
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

  /**
   * @param {string} format
   * @returns {Promise<string>}
   */
  text(format) {
    if (format === WITH_NAMES) return this.named();
    const text = this.texts.get(format) ?? this.asked(format);
    this.texts.set(format, text);
    return text;
  }

  /** @param {string} format */
  async asked(format) {
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
      import("./prefixes.js"),
      import("./turtle.js"),
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
