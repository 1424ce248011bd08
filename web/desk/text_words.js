// The words, sentences and paragraphs of a text: where each begins and ends.

/** A word of the text; an article with its apostrophe is one by itself. */
const WORD = /[\p{L}\p{N}\p{M}]+(?:[-.@/•][\p{L}\p{N}\p{M}•]+)*(?:[’'](?=\p{L}))?/gu;
const BETWEEN = /\n[^\S\n]*(?:\n\s*)/g;
/** A line that is so long was broken to fit a width. */
const FULL = 48;
/** A paragraph of more signs is cut at the end of a line: the page works anew on one whose marks change. */
const LONGEST = 4000;

/** Where a text may be cut. */
export class TextWords {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    /** @type {Span[]} */
    this.words = [...text.matchAll(WORD)].map((it) => [it.index, it.index + it[0].length]);
    this.paragraphs = paragraphs(text);
    this.segmenter = new Intl.Segmenter("fr", { granularity: "sentence" });
  }

  /**
   * Returns the place of the word at a position, or of the first after it.
   * @param {number} position
   */
  at(position) {
    const place = firstWhere(this.words.length, (n) => this.words[n][1] > position);
    return Math.min(place, this.words.length - 1);
  }

  /**
   * Returns the place of the paragraph at a position, or of the first after it.
   * @param {number} position
   */
  paragraphAt(position) {
    const place = firstWhere(this.paragraphs.length, (n) => this.paragraphs[n].end > position);
    return Math.min(place, this.paragraphs.length - 1);
  }

  /**
   * Returns the words from and to which a span goes.
   * @param {Span} span
   * @returns {[number, number]}
   */
  among([start, end]) {
    const first = this.at(start);
    const next = firstWhere(this.words.length, (n) => this.words[n][0] >= end);
    return [first, Math.max(first, next - 1)];
  }

  /**
   * Returns a span that begins and ends with the words it touches.
   * @param {Span} span
   * @returns {Span}
   */
  snapped(span) {
    const [first, last] = this.among(span);
    return [this.words[first][0], this.words[last][1]];
  }

  /**
   * Returns the sentence at a position, from its first word to its last sign.
   * @param {number} position
   * @returns {Span}
   */
  sentence(position) {
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
 * @param {string} text
 */
function paragraphs(text) {
  const found = [];
  let at = 0;
  for (const gap of [...text.matchAll(BETWEEN), null]) {
    const end = gap ? gap.index : text.length;
    const words = text.slice(at, end);
    if (words.trim()) {
      const lines = words.trimEnd().split("\n");
      const isSet = lines.length > 1 && lines.slice(0, -1).every((it) => it.trim().length >= FULL);
      const pieces = cut(words.trimEnd());
      for (const [n, [start, end]] of pieces.entries())
        found.push({ start: at + start, end: at + end, isSet, isTitle: isTitle(words), goesOn: n < pieces.length - 1 });
    }
    if (gap) at = gap.index + gap[0].length;
  }
  return found;
}

/**
 * Returns where the pieces of a paragraph begin and end: one, where it is of a usual length.
 * @param {string} words
 * @returns {Span[]}
 */
function cut(words) {
  /** @type {Span[]} */
  const found = [];
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

/**
 * Tells whether a paragraph is a title: short, in one line, or one with a line under it.
 * @param {string} words
 */
function isTitle(words) {
  const [first, under = ""] = words.trim().split("\n");
  return first.length < 70 && (/^[-=_*]{3,}$/.test(under.trim()) || (!under && /^[^a-zà-ÿ]+$/.test(first)));
}

/**
 * Returns the first of n numbers of which something holds that then holds of all.
 * @param {number} n
 * @param {(n: number) => boolean} holds
 */
export function firstWhere(n, holds) {
  let low = 0;
  for (let high = n; low < high;) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
