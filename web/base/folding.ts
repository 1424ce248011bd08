// How texts are compared: as the site's search does it (`rallynov_graph.matching.words.folded`).

const LETTERS: Record<string, string> = {
  œ: "oe",
  Œ: "oe",
  æ: "ae",
  Æ: "ae",
  ø: "o",
  Ø: "o",
  ł: "l",
  Ł: "l",
  "’": "'",
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");
// Marks are meant one by one, whatever letter each would be put on.
// oxlint-disable-next-line no-misleading-character-class
const MARKS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;
const ASCII = /^[\x00-\x7f]*$/;
/** Letters of which none changes with those beside it. */
const ALONE = /^[\x00-\u017f’]*$/;
const ACCENTED = /[\x80-\u017f’]/g;
const SPACED = /\s\s|[^\S ]|^ | $/;
const known = new Map();

/** Returns a text without accents and case, ligatures spelt out, apostrophes straight, spaces single. */
export function fold(text: string) {
  const plain = ASCII.test(text)
    ? text.toLowerCase()
    : ALONE.test(text)
      ? text.replace(ACCENTED, letter).toLowerCase()
      : letters(text);
  return SPACED.test(plain) ? plain.replace(/\s+/g, " ").trim() : plain;
}

function letter(it: string) {
  if (!known.has(it)) known.set(it, letters(it));
  return known.get(it);
}

/** Upper case first: it is what makes ß and ς what they are compared as. */
const letters = (text: string) =>
  text
    .replace(LETTER, (it) => LETTERS[it])
    .normalize("NFKD")
    .toUpperCase()
    .toLowerCase()
    .replace(/ς/g, "σ")
    .replace(MARKS, "");

// How like two texts are, for what is written nearly right: word by word, since one other word is
// another thing however much else is the same.

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

/** Returns how like a text is to one that was written, from 0 to 1; what was written may be a part of it. */
export function likeness(written: string, other: string) {
  if (Math.max(written.length, other.length) > LONGEST) return 0;
  const [a, b] = [written, other].map(wordsOf);
  const [first, second] = [a, b].map((words) => words.join(""));
  if (!first || !second) return 0;
  if (first === second) return 1;
  if (digits(first) !== digits(second)) return 0;
  const whole = alike(first, second);
  if (a.length !== b.length && whole >= RUN_TOGETHER && (a.length === 1 || b.length === 1)) return whole;
  const [fewer, more] = a.length <= b.length ? [a, b] : [b, a];
  const left = [...more];
  for (const word of fewer) {
    const nearest = left.reduce((best, it) => (alike(word, it) > alike(word, best) ? it : best), "");
    if (alike(word, nearest) < LIKE) return 0;
    left.splice(left.indexOf(nearest), 1);
  }
  if (left.every((word) => word.length <= SHORT)) return Math.max(whole, LIKE);
  return fewer === a && first.length >= SOME ? LIKE : 0;
}

/** Returns the words of a text or of a name in a vocabulary, folded. */
const wordsOf = (text: string) =>
  fold(text.replace(/(\p{Ll})(?=\p{Lu})/gu, "$1 "))
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** Another number is another thing. */
const digits = (text: string) => text.replace(/\P{N}/gu, "");

/** Returns how like two words are, by the letters to change or exchange. */
const alike = (a: string, b: string) => (b ? 1 - changed(a, b) / Math.max(a.length, b.length) : 0);

function changed(a: string, b: string) {
  let [before, row]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
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
