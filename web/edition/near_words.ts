// The words of an index that are near one that somebody wrote: as the service finds them (`rallynov_graph.search.near_words`).

const SHORTEST = 4;
/** From so many letters on, two of them may be off. */
const LONG = 8;
/** A shorter word that is a slip has the same letters. */
const SURE = 6;
const LONGEST = 30;
const MOST = 5;
/** How many words are compared letter by letter: those that share the most groups of letters. */
const COMPARED = 800;
const LETTERS = /^\p{L}+$/u;
/** From these likenesses on, words are near as a whole (the library of the service leaves out 0.6 itself), one may stand
 * for another, and all words together are near; and how like a word is one that begins with it. */
const [WHOLE, SAME_WORD, ENOUGH, BEGINNING] = [0.6 + 1e-9, 0.75, 0.7, 0.9];
/** The share of a likeness for having the words; the rest is for having few others. */
const OF_WORDS = 0.6;
/** How many words one word may stand for. */
const VARIANTS = 20;

const lengthOf = (word: string) => [...word].length;

/** The words of an index, with how many things have each, and by each group of three letters the words that have it. */
export class NearWords {
  things;
  words;
  having: Map<string, number[]>;

  /** @param things how many things have each word */
  constructor(things: Map<string, number>) {
    this.things = things;
    this.words = [...things.keys()].sort();
    this.having = new Map();
    this.words.forEach((word, number) => {
      for (const gram of grams(word)) {
        const having = this.having.get(gram);
        if (having) having.push(number);
        else this.having.set(gram, [number]);
      }
    });
  }

  /** Returns the words that slips of the pen turn into this one, the nearest first. */
  misspelt(word: string) {
    const most = allowed(word);
    if (!most) return [];
    const known = this.sharing(word, most, grams(word).size - 4 * most);
    const slips = known
      .filter((it) => isSlip(word, it))
      .map((it, place) => ({ it, place, slips: it === word ? Infinity : distance(word, it, most) }))
      .filter(({ slips }) => slips <= most);
    const fewest = Math.min(...slips.map(({ slips }) => slips));
    return slips
      .filter(({ slips }) => slips === fewest)
      .sort((one, other) => one.place - other.place)
      .slice(0, MOST)
      .map(({ it }) => it);
  }

  /** Returns the words that are near one, further off than a slip of the pen. */
  alike(word: string) {
    const known = this.sharing(word, Math.floor(lengthOf(word) / 3), Math.floor(grams(word).size / 3));
    const near = new Map(nearest(word, known, MOST, WHOLE));
    const variants = new Map(nearest(word, known, VARIANTS, SAME_WORD));
    if (lengthOf(word) >= 3)
      for (const it of known)
        if (it !== word && it.startsWith(word)) variants.set(it, Math.max(BEGINNING, variants.get(it) ?? 0));
    for (const [it, likeness] of variants) {
      const score = likeness * (OF_WORDS + ((1 - OF_WORDS) * 2 * lengthOf(word)) / (lengthOf(word) + lengthOf(it)));
      if (likeness >= ENOUGH) near.set(it, Math.max(near.get(it) ?? 0, score));
    }
    return [...near]
      .sort(([one, of], [other, ofOther]) => ofOther - of || lengthOf(one) - lengthOf(other) || (one < other ? -1 : 1))
      .slice(0, MOST)
      .map(([it]) => it);
  }

  /**
   * Returns the words that share at least so many groups of letters with one, the most used first.
   * @param off how much longer or shorter they may be
   */
  sharing(word: string, off: number, least: number) {
    const shared = new Map<number, number>();
    for (const gram of grams(word))
      for (const number of this.having.get(gram) ?? [])
        if (Math.abs(lengthOf(this.words[number]) - lengthOf(word)) <= off)
          shared.set(number, (shared.get(number) ?? 0) + 1);
    return [...shared]
      .filter(([, count]) => count >= Math.max(1, least))
      .sort(([one, count], [other, ofOther]) => ofOther - count || one - other)
      .slice(0, COMPARED)
      .map(([number]) => this.words[number])
      .sort((one, other) => (this.things.get(other) ?? 0) - (this.things.get(one) ?? 0) || (one < other ? -1 : 1));
  }
}

/** Returns how many letters of a word may be off; none of a word with a digit. */
function allowed(word: string) {
  const long = lengthOf(word);
  if (long < SHORTEST || long > LONGEST || !LETTERS.test(word)) return 0;
  return long < LONG ? 1 : 2;
}

/** Returns whether a word may be a slip of another, and is not just another short word. */
function isSlip(written: string, meant: string) {
  const [letters, others] = [new Set(written), new Set(meant)];
  const isSame = letters.size === others.size && [...letters].every((it) => others.has(it));
  return [...written][0] === [...meant][0] && (lengthOf(written) >= SURE || isSame);
}

/** Returns the groups of three letters of a word, its ends counting as letters. */
function grams(word: string) {
  const letters = [..."^", ...word, ..."$"];
  const isSpelt = letters.length >= SHORTEST + 1 && letters.length <= LONGEST + 2 && LETTERS.test(word);
  return new Set(isSpelt ? letters.slice(2).map((_, at) => letters.slice(at, at + 3).join("")) : []);
}

/** Returns how many letters to change, add, drop or swap make one word another; Infinity for more than `most`. */
function distance(one: string, other: string, most: number) {
  const [a, b] = [[...one], [...other]];
  if (Math.abs(a.length - b.length) > most) return Infinity;
  let [before, last] = [[] as number[], b.map((_, at) => at)];
  last.push(b.length);
  for (let row = 1; row <= a.length; row++) {
    const now = [row];
    for (let at = 1; at <= b.length; at++) {
      const isSame = a[row - 1] === b[at - 1];
      now[at] = Math.min(last[at] + 1, now[at - 1] + 1, last[at - 1] + Number(!isSame));
      const isSwapped = row > 1 && at > 1 && a[row - 1] === b[at - 2] && a[row - 2] === b[at - 1];
      if (isSwapped) now[at] = Math.min(now[at], before[at - 2] + 1);
    }
    [before, last] = [last, now];
  }
  return last[b.length] > most ? Infinity : last[b.length];
}

/** Returns the words that share the most letters with one in the same order, and which share of them. */
function nearest(word: string, known: string[], most: number, least: number): [string, number][] {
  return known
    .map((it) => [it, likeness(word, it)] as [string, number])
    .filter(([, score]) => score >= least)
    .sort(([, one], [, other]) => other - one)
    .slice(0, most);
}

function likeness(one: string, other: string) {
  const [a, b] = [[...one], [...other]];
  let last = new Array(b.length + 1).fill(0);
  for (const letter of a) {
    const now = [0];
    for (let at = 1; at <= b.length; at++)
      now[at] = letter === b[at - 1] ? last[at - 1] + 1 : Math.max(last[at], now[at - 1]);
    last = now;
  }
  // As the service reckons it: one less the share that is off.
  return 1 - (a.length + b.length - 2 * last[b.length]) / (a.length + b.length);
}
