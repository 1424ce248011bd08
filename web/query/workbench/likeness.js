// How like two texts are, for what is written nearly right: word by word, since one other word is
// another thing however much else is the same.
import { fold } from "./folding.js";

/** From here on a text is near another. */
export const LIKE = 0.7;
/** Words that were run together, or taken apart, are as like as this at least. */
const RUN_TOGETHER = 0.85;
/** Longer texts are not compared. */
const LONGEST = 200;
/** So short a word may be missing. */
const SHORT = 3;
/** Fewer letters are no part of a text. */
const SOME = 4;

/**
 * Returns how like a text is to one that was written, from 0 to 1; what was written may be a part of it.
 * @param {string} written
 * @param {string} other
 */
export function likeness(written, other) {
  if (Math.max(written.length, other.length) > LONGEST) return 0;
  const [a, b] = [written, other].map(wordsOf);
  const [first, second] = [a, b].map((words) => words.join(""));
  if (!first || !second) return 0;
  if (first === second) return 1;
  if (digits(first) !== digits(second)) return 0;
  const whole = letters(first, second);
  if (a.length !== b.length && whole >= RUN_TOGETHER && (a.length === 1 || b.length === 1)) return whole;
  const [fewer, more] = a.length <= b.length ? [a, b] : [b, a];
  const left = [...more];
  for (const word of fewer) {
    const nearest = left.reduce((best, it) => (letters(word, it) > letters(word, best) ? it : best), "");
    if (letters(word, nearest) < LIKE) return 0;
    left.splice(left.indexOf(nearest), 1);
  }
  if (left.every((word) => word.length <= SHORT)) return Math.max(whole, LIKE);
  return fewer === a && first.length >= SOME ? LIKE : 0;
}

/**
 * Returns the words of a text or of a name in a vocabulary, folded.
 * @param {string} text
 */
const wordsOf = (text) =>
  fold(text.replace(/(\p{Ll})(?=\p{Lu})/gu, "$1 "))
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/**
 * Another number is another thing.
 * @param {string} text
 */
const digits = (text) => text.replace(/\P{N}/gu, "");

/**
 * Returns how like two words are, by the letters to change or exchange.
 * @param {string} a
 * @param {string} b
 */
const letters = (a, b) => (b ? 1 - changed(a, b) / Math.max(a.length, b.length) : 0);

/**
 * @param {string} a
 * @param {string} b
 */
function changed(a, b) {
  /** @type {number[][]} */
  let [before, row] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + same));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length];
}
