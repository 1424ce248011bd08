// The words, sentences and paragraphs of a text: where each begins and ends.
import { fold } from "../base/folding.ts";

/** A word of the text; an article with its apostrophe is one by itself. */
const WORD = /[\p{L}\p{N}\p{M}]+(?:[-.@/•][\p{L}\p{N}\p{M}•]+)*(?:[’'](?=\p{L}))?/gu;
const BETWEEN = /\n[^\S\n]*(?:\n\s*)/g;
/** A line that is so long was broken to fit a width. */
const FULL = 48;
/** A paragraph of more signs is cut at the end of a line: the page works anew on one whose marks change. */
const LONGEST = 4000;

/** Where a text may be cut. */
export class TextWords {
  text;
  words: Span[];
  paragraphs;
  segmenter;

  constructor(text: string) {
    this.text = text;
    this.words = [...text.matchAll(WORD)].map((it) => [it.index, it.index + it[0].length]);
    this.paragraphs = paragraphs(text);
    this.segmenter = new Intl.Segmenter("fr", { granularity: "sentence" });
  }

  /** Returns the place of the word at a position, or of the first after it. */
  at(position: number) {
    const place = firstWhere(this.words.length, (n) => this.words[n][1] > position);
    return Math.min(place, this.words.length - 1);
  }

  /** Returns the place of the paragraph at a position, or of the first after it. */
  paragraphAt(position: number) {
    const place = firstWhere(this.paragraphs.length, (n) => this.paragraphs[n].end > position);
    return Math.min(place, this.paragraphs.length - 1);
  }

  /** Returns the words from and to which a span goes. */
  among([start, end]: Span): [number, number] {
    const first = this.at(start);
    const next = firstWhere(this.words.length, (n) => this.words[n][0] >= end);
    return [first, Math.max(first, next - 1)];
  }

  /** Returns a span that begins and ends with the words it touches. */
  snapped(span: Span): Span {
    const [first, last] = this.among(span);
    return [this.words[first][0], this.words[last][1]];
  }

  /** Returns the sentence at a position, from its first word to its last sign. */
  sentence(position: number): Span {
    const { start, end, isSet } = this.paragraphs[this.paragraphAt(position)];
    const words = this.text.slice(start, end);
    const one = isSet ? words.replace(/\n/g, " ") : words;
    for (const { index, segment } of this.segmenter.segment(one)) {
      const from = start + index + (segment.length - segment.trimStart().length);
      const to = start + index + segment.trimEnd().length;
      if (position < start + index + segment.length && to > from) return [from, to];
    }
    return [start, end];
  }
}

/**
 * Returns the paragraphs of a text: what blank lines separate. One whose lines were broken to fit a width is set anew;
 * what is no paragraph but a text without blank lines goes on in the next one.
 */
function paragraphs(text: string) {
  const found = [];
  let at = 0;
  for (const gap of [...text.matchAll(BETWEEN), null]) {
    const end = gap ? gap.index : text.length;
    const words = text.slice(at, end);
    if (words.trim()) {
      const lines = words.trimEnd().split("\n");
      const isSet = lines.length > 1 && (lines.slice(0, -1).every((it) => it.trim().length >= FULL) || isColumn(lines));
      const pieces = cut(words.trimEnd());
      for (const [n, [start, end]] of pieces.entries())
        found.push({ start: at + start, end: at + end, isSet, isTitle: isTitle(words), goesOn: n < pieces.length - 1 });
    }
    if (gap) at = gap.index + gap[0].length;
  }
  return found;
}

/** Tells whether lines are those of a narrow column: each is about full, and most go on in the middle of a sentence. */
function isColumn(lines: string[]) {
  const width = Math.max(...lines.map((it) => it.trim().length));
  const areFull = lines.slice(0, -1).every((it) => it.trim().length >= width * 0.75);
  const goOn = lines.slice(1).filter((it) => /^\s*\p{Ll}/u.test(it));
  return areFull && goOn.length * 2 >= lines.length - 1;
}

/** Stretches of a text that a printer marked: the signs that mark it are not shown, what they mark is bold, slanted or raised. */
export function printedMarks(text: string) {
  const found: { start: number; end: number; name: string }[] = [];
  const take = (pattern: RegExp, name: string) => {
    for (const it of text.matchAll(pattern)) {
      const [whole, inside] = it;
      const from = it.index + whole.indexOf(inside, whole.startsWith("^") ? 2 : 1);
      found.push({ start: it.index, end: from, name: "markup" });
      found.push({ start: from, end: from + inside.length, name });
      found.push({ start: from + inside.length, end: it.index + whole.length, name: "markup" });
    }
  };
  take(/\*\*([^*\n]+(?:\n[^*\n]+)*)\*\*/g, "is-bold");
  take(/(?<![*\p{L}])\*(?![*\s])([^*\n]+)(?<!\s)\*(?!\*)/gu, "is-slanted");
  take(/\^\{([^{}\n]+)\}/g, "is-raised");
  take(/^#{1,4} +(\S[^\n]*)$/gm, "is-bold");
  return found.filter((it) => it.start < it.end);
}

/** Returns where the pieces of a paragraph begin and end: one, where it is of a usual length. */
function cut(words: string): Span[] {
  const found: Span[] = [];
  let from = 0;
  for (let end = words.indexOf("\n"); end >= 0; end = words.indexOf("\n", end + 1)) {
    const isEnd = /[.!?…:»”]\s*$/.test(words.slice(Math.max(from, end - 4), end));
    if (end - from > (isEnd ? LONGEST : 2 * LONGEST)) {
      found.push([from, end]);
      from = end + 1;
    }
  }
  found.push([from, words.length]);
  return found;
}

/** Tells whether a paragraph is a title: short, in one line, or one with a line under it. */
function isTitle(words: string) {
  const [first, under = ""] = words.trim().split("\n");
  return first.length < 70 && (/^[-=_*]{3,}$/.test(under.trim()) || (!under && /^[^a-zà-ÿ]+$/.test(first)));
}

/** Returns the first of n numbers of which something holds that then holds of all. */
export function firstWhere(n: number, holds: (n: number) => boolean) {
  let low = 0;
  for (let high = n; low < high;) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Returns a text as it is compared, whatever its apostrophes look like. */
export const folded = (text: string) => fold(text.replace(/[‘ʼ]/g, "’"));

/** Tells whether each word that was written begins a word of a name, in the same order. */
export function begins(written: string, name: string) {
  const words = folded(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  let at = 0;
  for (const part of folded(written)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)) {
    at = words.findIndex((word, place) => place >= at && word.startsWith(part));
    if (at < 0) return false;
    at += 1;
  }
  return true;
}

/** Returns a text so folded that each unit stays in its place. */
const foldedInPlace = (text: string) =>
  text
    .replace(/[\u00c0-\u024f\u2019\u2018]/g, (it) => {
      const plain = folded(it);
      return plain.length === 1 ? plain : it;
    })
    .replace(/\s/g, " ")
    .replace(/[A-Z]/g, (it) => it.toLowerCase());

// Finds words of the text as one writes their beginnings: `bezh..limno` selects from the one to the other.

const FROM_TO = "..";

/** What finds words in a text. */
export class TextFinder {
  words;
  folded;

  constructor(words: TextWords) {
    this.words = words;
    this.folded = foldedInPlace(words.text);
  }

  /** Returns where a word begins as is written, from a position on and then from the text's beginning; null where none does. */
  find(written: string, from: number): Span | null {
    const [first, ...rest] = written.split(FROM_TO);
    const start = this.#next(first, from) ?? this.#next(first, 0);
    if (!start || !rest.length) return start;
    const last = rest.join(FROM_TO);
    const end = last.trim() ? this.#next(last, start[1]) : null;
    return end ? [start[0], end[1]] : start;
  }

  #next(written: string, from: number): Span | null {
    const sought = foldedInPlace(written.trim());
    if (!sought) return null;
    for (let at = this.folded.indexOf(sought, from); at >= 0; at = this.folded.indexOf(sought, at + 1)) {
      const word = this.words.words[this.words.at(at)];
      if (word[0] === at) return this.words.snapped([at, at + sought.length]);
      if (!/[\p{L}\p{N}]/u.test(sought[0])) return [at, at + sought.length];
    }
    return null;
  }

  /**
   * Returns a name that the text has and that begins as is written, as it is printed; what is written where none does.
   * @param near where it is looked for first
   */
  completed(written: string, near: Span[]) {
    for (const from of [...near.map(([start]) => start), 0]) {
      const found = this.#next(written, from);
      if (found && written.trim()) return this.#name(found);
    }
    return written.trim();
  }

  /** Returns a name from its beginning on: the words with a capital that follow, and what joins them. */
  #name([start, end]: Span) {
    const { words, text } = this.words;
    let last = this.words.among([start, end])[1];
    for (let next = last + 1; next < words.length; next += 1) {
      if (
        !/^[  ]$|^[’'-]$/.test(text.slice(words[next - 1][1], words[next][0])) &&
        words[next - 1][1] !== words[next][0]
      )
        break;
      const word = text.slice(...words[next]);
      if (/^[\p{Lu}\p{N}]/u.test(word)) last = next;
      else if (!/^(?:de|du|des|la|le|les|l’|d’|et|à|aux|au|en|ha)$/.test(word)) break;
    }
    return text.slice(start, words[last][1]).replace(/\s+/g, " ");
  }
}

// Converts positions: the server counts code points, the browser UTF-16 units. No other module knows of the difference.

const ASTRAL = /[\ud800-\udbff][\udc00-\udfff]/g;

/** The positions of a text, in both counts. */
export class Positions {
  /** Where each code point begins that has two units, in units. */
  #pairs: number[];

  constructor(text: string) {
    this.#pairs = [...text.matchAll(ASTRAL)].map((it) => it.index);
  }

  /** Returns a position in units. */
  units(points: number) {
    const pairs = this.#pairs;
    // The nth pair begins at unit p, which is code point p - n.
    const before = countWhile(pairs.length, (n) => pairs[n] - n < points);
    return points + before;
  }

  /** Returns a position in code points. */
  points(units: number) {
    const pairs = this.#pairs;
    return units - countWhile(pairs.length, (n) => pairs[n] < units);
  }

  /** Returns what the server said, its positions in units. */
  received<T>(said: T): T {
    return this.#pairs.length ? converted(said, (it) => this.units(it)) : said;
  }

  /** Returns what is told to the server, its positions in code points. */
  sent<T>(told: T): T {
    return this.#pairs.length ? converted(told, (it) => this.points(it)) : told;
  }
}

/** The names under which positions stand, alone or in spans. */
const ALONE = new Set(["start", "end"]);
const SPANS = new Set(["words", "places", "read"]);

function converted<T>(value: T, other: (position: number) => number): T {
  if (Array.isArray(value)) return value.map((it) => converted(it, other)) as T;
  if (!value || typeof value !== "object") return value;
  const pairs = Object.entries(value).map(([name, it]) => {
    if (ALONE.has(name) && typeof it === "number") return [name, other(it)];
    if (SPANS.has(name) && Array.isArray(it)) return [name, it.map((span) => spanIn(span, other))];
    return [name, converted(it, other)];
  });
  return Object.fromEntries(pairs) as T;
}

function spanIn(span: unknown, other: (position: number) => number) {
  return Array.isArray(span) ? [other(span[0]), other(span[1]), ...span.slice(2)] : span;
}

/** Returns of how many of the first n numbers something holds that holds of none after one of which it does not. */
function countWhile(n: number, holds: (n: number) => boolean) {
  let low = 0;
  for (let high = n; low < high;) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
