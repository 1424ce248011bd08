// The search of names in the browser: as the service searches (`rallynov_graph.search`), but for near spellings.
import { fold } from "../query/workbench/folding.js";

const LONGEST = 400;
const MOST_WORDS = 12;
const LONGEST_WORD = 40;
const MOST_REASONS = 2;
const EXCERPT = 160;
const INITIALS = "(?<![\\p{L}\\p{N}])(?:\\p{L}\\.){2,}(?:\\p{L}(?![\\p{L}\\p{N}]))?";
const PLAIN = new RegExp(`${INITIALS}|[\\p{L}\\p{N}]+`, "gu");
const PLACED = new RegExp(`${INITIALS}|[\\p{L}\\p{N}](?:[\\p{L}\\p{N}]|[\\u0300-\\u036f])*`, "gu");
const ELIDED = /(?<![\p{L}\p{N}_])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=[\p{L}\p{N}_])/giu;
const DESCRIPTION = "description";

/**
 * @typedef {[role: string, language: string, value: string]} Text
 * @typedef {{things: [iri: string, kind: string, texts: Text[]][], small: string[], no_names: string[], later: string[]}} SearchFile
 * @typedef {{word: string, whole: boolean}} Sought
 * @typedef {{text: string, marked: boolean}} Piece
 * @typedef {{role: string, language: string, pieces: Piece[]}} Because
 * @typedef {{iri: string, kind: string, reasons: Because[]}} Hit
 * @typedef {{words: string[], hits: Hit[], unknown: string[], partial: boolean, more: boolean}} Answer
 */

/** @param {string} text */
const plainWords = (text) =>
  (fold(text).match(PLAIN) ?? []).map((run) => [...run.replaceAll(".", "")].slice(0, LONGEST_WORD).join(""));

/** @param {string} text */
export function searchWords(text) {
  const words = plainWords(text.replace(ELIDED, " "));
  return [...new Set(words.length ? words : plainWords(text))];
}

/** What can be found, and the words that find it. */
export class SearchIndex {
  /** @param {SearchFile} file */
  constructor({ things, small, no_names: noNames, later }) {
    this.small = new Set(small);
    this.later = new Set(later);
    this.things = things.map(([iri, kind, texts]) => {
      const worded = texts.map(([role, language, value]) => ({ role, language, value, words: plainWords(value) }));
      const names = new Set(worded.filter((it) => !noNames.includes(it.role)).flatMap((it) => it.words));
      return { iri, kind, texts: worded, names, all: new Set(worded.flatMap((it) => it.words)) };
    });
    this.vocabulary = [...new Set(this.things.flatMap((it) => [...it.all]))].sort();
  }

  /**
   * Returns what is found for a text, the best first.
   * @param {string} text
   * @param {{language: string, kind?: string, most?: number}} how
   * @returns {Answer}
   */
  find(text, { language, kind = "", most = 100 }) {
    const words = searchWords([...text].slice(0, LONGEST).join("")).slice(0, MOST_WORDS);
    const telling = words.filter((word) => !this.small.has(word));
    const searched = telling.length ? telling : words;
    const known = searched.filter((word) => this.begins(word));
    const unknown = searched.filter((word) => !known.includes(word));
    const scope = kind ? this.things.filter((it) => it.kind === kind) : this.things;
    let found = known.length ? allOf(scope, known, most) : [];
    const partial = !found.length && known.length > 1;
    if (partial) found = someOf(scope, known, most);
    const sought = known.map((word) => ({ word, whole: false }));
    const scored = found.slice(0, most).map((thing) => this.hit(thing, sought, language));
    scored.sort((one, other) => one.score - other.score || one.place - other.place);
    return { words, hits: scored.map(({ hit }) => hit), unknown, partial, more: found.length > most };
  }

  /** @param {string} word */
  begins(word) {
    let [from, to] = [0, this.vocabulary.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.vocabulary[middle] < word) from = middle + 1;
      else to = middle;
    }
    return Boolean(this.vocabulary[from]?.startsWith(word));
  }

  /**
   * Returns a thing with a score, lower for a better match, and the texts that say why it was found.
   * @param {SearchIndex["things"][number]} thing
   * @param {Sought[]} sought
   * @param {string} language
   */
  hit(thing, sought, language) {
    const scored = thing.texts.map((text) => score(text, sought, language));
    const order = scored.map((_, place) => place).sort((one, other) => scored[one] - scored[other] || one - other);
    const missing = new Set(sought);
    /** @type {Because[]} */
    const reasons = [];
    for (const place of order) {
      const text = thing.texts[place];
      const found = [...missing].filter((it) => text.words.some((word) => fits(it, word)));
      if (found.length) {
        reasons.push({ role: text.role, language: text.language, pieces: shortened(marked(text.value, sought)) });
        for (const it of found) missing.delete(it);
      }
      if (!missing.size || reasons.length === MOST_REASONS) break;
    }
    const best = scored.length ? Math.min(...scored) : 0;
    return {
      score: best + 1000 * missing.size + 30 * Number(this.later.has(thing.kind)),
      place: this.things.indexOf(thing),
      hit: { iri: thing.iri, kind: thing.kind, reasons },
    };
  }
}

/**
 * @param {Sought} sought
 * @param {string} word
 */
const fits = ({ word: wanted, whole }, word) => (whole ? word === wanted : word.startsWith(wanted));

/**
 * Returns the things that have all words, first those that have them whole and in names.
 * @param {SearchIndex["things"]} scope
 * @param {string[]} words
 * @param {number} most
 */
function allOf(scope, words, most) {
  /** @type {Set<SearchIndex["things"][number]>} */
  const found = new Set();
  for (const [column, whole] of /** @type {["names" | "all", boolean][]} */ ([
    ["names", true],
    ["names", false],
    ["all", false],
  ])) {
    if (found.size > most) break;
    const some = rows(scope, (it) => words.every((word) => has(it[column], { word, whole })), most);
    for (const it of some) found.add(it);
  }
  return [...found];
}

/**
 * Returns the things that have all words but one, else those that have one.
 * @param {SearchIndex["things"]} scope
 * @param {string[]} words
 * @param {number} most
 */
function someOf(scope, words, most) {
  /** @type {Set<SearchIndex["things"][number]>} */
  const found = new Set();
  if (words.length > 2)
    for (const left of words) {
      const others = words.filter((word) => word !== left);
      for (const it of rows(scope, ({ names }) => others.every((word) => has(names, { word, whole: false })), most))
        found.add(it);
    }
  if (found.size) return [...found];
  return rows(scope, ({ all }) => words.some((word) => has(all, { word, whole: false })), most);
}

/**
 * @param {SearchIndex["things"]} scope
 * @param {(thing: SearchIndex["things"][number]) => boolean} fit
 * @param {number} most
 */
function rows(scope, fit, most) {
  const found = [];
  for (const thing of scope) {
    if (fit(thing)) found.push(thing);
    if (found.length > most) break;
  }
  return found;
}

/**
 * @param {Set<string>} words
 * @param {Sought} sought
 */
function has(words, sought) {
  if (words.has(sought.word)) return true;
  if (sought.whole) return false;
  for (const word of words) if (word.startsWith(sought.word)) return true;
  return false;
}

/**
 * Returns how far a text is from being the words themselves: missing ones count most.
 * @param {{role: string, language: string, words: string[]}} text
 * @param {Sought[]} sought
 * @param {string} language
 */
function score({ role, language: own, words }, sought, language) {
  const whole = sought.filter((it) => words.includes(it.word)).length;
  const begun = sought.filter((it) => words.some((word) => fits(it, word))).length;
  const first = words.length > 0 && sought.some((it) => fits(it, words[0]));
  return (
    200 * (sought.length - begun) +
    100 * Number(role === DESCRIPTION) +
    60 * Number(role === "former" || role === "untaken") +
    20 * (sought.length - whole) +
    8 * Number(!first) +
    2 * Math.min(Math.abs(words.length - sought.length), 3) +
    Number(!["", language].includes(own.split("-")[0]))
  );
}

/**
 * @param {string} text
 * @param {Sought[]} sought
 * @returns {Piece[]}
 */
function marked(text, sought) {
  const pieces = [];
  let end = 0;
  for (const { 0: run, index } of text.matchAll(PLACED)) {
    if (!plainWords(run).some((word) => sought.some((it) => fits(it, word)))) continue;
    if (index > end) pieces.push({ text: text.slice(end, index), marked: false });
    pieces.push({ text: run, marked: true });
    end = index + run.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), marked: false });
  return pieces;
}

/**
 * Returns the part of a text around its first mark, where the text is long.
 * @param {Piece[]} pieces
 */
function shortened(pieces) {
  if (pieces.reduce((sum, it) => sum + it.text.length, 0) <= 2 * EXCERPT) return pieces;
  /** @type {Piece[]} */
  let chosen = [];
  let room = EXCERPT;
  for (const piece of pieces) {
    if (!piece.marked && !chosen.some((it) => it.marked)) chosen = [{ text: ending(piece.text), marked: false }];
    else if (room > 0) {
      const text = piece.text.length <= room ? piece.text : beginning(piece.text, room);
      chosen.push({ text, marked: piece.marked });
      room -= text.length;
    }
  }
  return chosen;
}

/** @param {string} text */
function ending(text) {
  if (text.length <= EXCERPT / 2) return text;
  const last = text.slice(-EXCERPT / 2);
  return `… ${last.includes(" ") ? last.slice(last.indexOf(" ") + 1) : ""}`;
}

/**
 * @param {string} text
 * @param {number} most
 */
const beginning = (text, most) => `${text.slice(0, Math.max(text.slice(0, most).lastIndexOf(" "), 0))} …`;
