// The search of names in the browser: as the service searches (`rallynov_graph.search`), from the texts of its index.
import { fold } from "../base/folding.ts";
import { NearWords } from "./near_words.ts";

const LONGEST = 400;
const MOST_WORDS = 12;
const LONGEST_WORD = 40;
const MOST_REASONS = 2;
const MOST_ALIKE = 6;
const EXCERPT = 160;
const INITIALS = "(?<![\\p{L}\\p{N}])(?:\\p{L}\\.){2,}(?:\\p{L}(?![\\p{L}\\p{N}]))?";
const PLAIN = new RegExp(`${INITIALS}|[\\p{L}\\p{N}]+`, "gu");
const PLACED = new RegExp(`${INITIALS}|[\\p{L}\\p{N}](?:[\\p{L}\\p{N}]|[\\u0300-\\u036f])*`, "gu");
const ELIDED = /(?<![\p{L}\p{N}_])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=[\p{L}\p{N}_])/giu;
const INVERSION = /-(?:t-)?(?:ils?|elles?|on|je|tu|nous|vous|ce|moi|la|les?|y|en)(?![\p{L}\p{N}_])/giu;
const DESCRIPTION = "description";
/** From so many letters on, what begins as a word does that was taken for another is found, too. */
const LONG = 8;
/** How many things one word may name. */
const FEW = 200;

type Text = [role: string, language: string, value: string];
type SearchFile = {
  things: [iri: string, kind: string, texts: Text[]][];
  small: string[];
  no_names: string[];
  later: string[];
};
/** A word as it is looked for; a written one matches what begins so, too. */
type Sought = { spellings: string[]; whole: boolean };
/** A word that was replaced, or left out. */
type Correction = { word: string; spellings: string[] };
type Piece = { text: string; marked: boolean };
export type Because = { role: string; language: string; pieces: Piece[] };
export type Hit = { iri: string; kind: string; reasons: Because[] };
export type Answer = { words: string[]; hits: Hit[]; corrections: Correction[]; partial: boolean; more: boolean };

const plainWords = (text: string) =>
  (fold(text).match(PLAIN) ?? []).map((run) => [...run.replaceAll(".", "")].slice(0, LONGEST_WORD).join(""));

const nameWords = (text: string) => {
  const words = plainWords(text.replace(ELIDED, " "));
  return words.length ? words : plainWords(text);
};

/** @param all whether a word that occurs again is there again */
export function searchWords(text: string, all = false) {
  const words = nameWords([...text].slice(0, LONGEST).join("").replace(INVERSION, " "));
  return all ? words : [...new Set(words)];
}

/** What can be found, and the words that find it. */
export class SearchIndex {
  small;
  later;
  things;
  near;

  constructor({ things, small, no_names: noNames, later }: SearchFile) {
    this.small = new Set(small);
    this.later = new Set(later);
    this.things = things.map(([iri, kind, texts]) => {
      const worded = texts.map(([role, language, value]) => ({
        role,
        language,
        value,
        words: plainWords(value),
        nameWords: nameWords(value),
        isName: !noNames.includes(role),
      }));
      const [named, more] = [false, true].map((isMore) => worded.filter((it) => noNames.includes(it.role) === isMore));
      const [names, others] = [named, more].map((them) => new Set(them.flatMap((it) => it.words)));
      return { iri, kind, texts: worded, names, others, all: new Set([...names, ...others]) };
    });
    const counts = new Map<string, number>();
    for (const { names, others } of this.things)
      for (const word of [...names, ...others]) counts.set(word, (counts.get(word) ?? 0) + 1);
    this.near = new NearWords(counts);
  }

  /** Returns what is found for a text, the best first. */
  find(text: string, { language, kind = "", most = 100 }: { language: string; kind?: string; most?: number }): Answer {
    const words = searchWords(text).slice(0, MOST_WORDS);
    const telling = words.filter((word) => !this.small.has(word));
    const searched = telling.length ? telling : words;
    const scope = kind ? this.things.filter((it) => it.kind === kind) : this.things;
    const { found, sought, corrections, partial } = this.found(searched, scope, most);
    const scored = found.slice(0, most).map((thing) => this.hit(thing, sought, language));
    scored.sort((one, other) => one.score - other.score || one.place - other.place);
    const hits = scored.map(({ hit }) => hit);
    return { words, hits, corrections: asWritten(corrections, hits), partial, more: found.length > most };
  }

  /** Returns the things that are found for some words, how these were looked for, and what was replaced or left out. */
  found(words: string[], scope: SearchIndex["things"], most: number) {
    let sought: Sought[] = [];
    const corrections: Correction[] = [];
    for (const word of words) {
      if (this.begins(word)) sought.push({ spellings: [word], whole: false });
      else {
        const spellings = this.near.misspelt(word);
        corrections.push({ word, spellings });
        if (spellings.length) sought.push({ spellings, whole: spellings.some((it) => it.length < LONG) });
      }
    }
    let found = sought.length ? allOf(scope, sought, most) : [];
    if (!found.length && sought.length) {
      const wider = sought.map((it) =>
        it.whole ? it : { ...it, spellings: [...it.spellings, ...this.near.misspelt(it.spellings[0])] },
      );
      const changed = wider.filter((it, place) => it.spellings.length > sought[place].spellings.length);
      if (changed.length) found = allOf(scope, wider, most);
      if (found.length) {
        corrections.push(...changed.map(({ spellings: [word, ...spellings] }) => ({ word, spellings })));
        sought = wider;
      }
    }
    const partial = !found.length && sought.length > 1;
    if (partial) found = someOf(scope, sought, most);
    return { found, sought, corrections, partial };
  }

  /** Returns the things that have one of the telling words in a name, and what each word stands for that is in none. */
  naming(words: string[], synonyms: Map<string, string[]>) {
    const things = new Set<SearchIndex["things"][number]>();
    const spellings = new Map<string, string[]>();
    const telling = [...new Set(words)].slice(0, MOST_WORDS).filter((it) => !this.small.has(it));
    for (const word of telling.length ? telling : words) {
      const isBegun = this.begins(word);
      const taken = isBegun ? [word] : this.near.misspelt(word);
      if (!isBegun) spellings.set(word, taken);
      const others = { spellings: (synonyms.get(word) ?? []).filter((it) => it.length > 3), whole: false };
      for (const it of rows(this.things, ({ names }) => has(names, others), FEW)) things.add(it);
      if (!taken.length) continue;
      const sought = { spellings: taken, whole: !isBegun && taken.some((it) => it.length < LONG) };
      const whole = rows(this.things, ({ names }) => has(names, { ...sought, whole: true }), FEW);
      const found = whole.length ? whole : rows(this.things, ({ names }) => has(names, sought), FEW);
      for (const it of found) things.add(it);
    }
    return { things: [...things], spellings };
  }

  /** Returns words of the index that are somewhat like those of a text, and not among them. */
  alike(text: string) {
    const words = searchWords(text).slice(0, MOST_WORDS);
    const found = new Set(words.flatMap((word) => this.near.alike(word)));
    return [...found].filter((word) => !words.includes(word)).slice(0, MOST_ALIKE);
  }

  begins(word: string) {
    const { words } = this.near;
    let [from, to] = [0, words.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (words[middle] < word) from = middle + 1;
      else to = middle;
    }
    return Boolean(words[from]?.startsWith(word));
  }

  /** Returns a thing with a score, lower for a better match, and the texts that say why it was found. */
  hit(thing: SearchIndex["things"][number], sought: Sought[], language: string) {
    const scored = thing.texts.map((text) => score(text, sought, language));
    const order = scored.map((_, place) => place).sort((one, other) => scored[one] - scored[other] || one - other);
    const missing = new Set(sought);
    const reasons: Because[] = [];
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

const fits = ({ spellings, whole }: Sought, word: string) =>
  spellings.some((wanted) => (whole ? word === wanted : word.startsWith(wanted)));

/** Returns the things that have all words, first those that have them whole and in names. */
function allOf(scope: SearchIndex["things"], sought: Sought[], most: number) {
  const found = new Set<SearchIndex["things"][number]>();
  for (const [column, whole] of [
    ["names", true],
    ["names", false],
    ["all", false],
  ] as ["names" | "all", boolean][]) {
    if (found.size > most) break;
    const wanted = whole ? sought.map((it) => ({ ...it, whole })) : sought;
    const some = rows(scope, (it) => wanted.every((word) => has(it[column], word)), most);
    for (const it of some) found.add(it);
  }
  return [...found];
}

/** Returns the things that have all words but one, else those that have one. */
function someOf(scope: SearchIndex["things"], sought: Sought[], most: number) {
  const found = new Set<SearchIndex["things"][number]>();
  if (sought.length > 2)
    for (const left of sought) {
      const others = sought.filter((word) => word !== left);
      for (const it of rows(scope, ({ names }) => others.every((word) => has(names, word)), most)) found.add(it);
    }
  if (found.size) return [...found];
  return rows(scope, ({ all }) => sought.some((word) => has(all, word)), most);
}

function rows(scope: SearchIndex["things"], fit: (thing: SearchIndex["things"][number]) => boolean, most: number) {
  const found = [];
  for (const thing of scope) {
    if (fit(thing)) found.push(thing);
    if (found.length > most) break;
  }
  return found;
}

function has(words: Set<string>, sought: Sought) {
  if (sought.spellings.some((word) => words.has(word))) return true;
  if (sought.whole) return false;
  for (const word of words) if (fits(sought, word)) return true;
  return false;
}

/** Returns how far a text is from being the words themselves: missing ones count most. */
function score(
  { role, language: own, words }: { role: string; language: string; words: string[] },
  sought: Sought[],
  language: string,
) {
  const whole = sought.filter((it) => it.spellings.some((word) => words.includes(word))).length;
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

/** Returns corrections with each spelling as it is written in what was found. */
function asWritten(corrections: Correction[], hits: Hit[]) {
  if (!hits.length) return corrections;
  const written = new Map<string, string>();
  for (const { text, marked } of hits.flatMap((hit) => hit.reasons.flatMap((reason) => reason.pieces)))
    if (marked)
      for (const word of searchWords(text)) if (!written.has(word)) written.set(word, text.toLocaleLowerCase());
  return corrections.map(({ word, spellings }) => ({
    word,
    spellings: spellings.filter((it) => written.has(it)).map((it) => written.get(it) ?? it),
  }));
}

function marked(text: string, sought: Sought[]): Piece[] {
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

/** Returns the part of a text around its first mark, where the text is long. */
function shortened(pieces: Piece[]) {
  if (pieces.reduce((sum, it) => sum + it.text.length, 0) <= 2 * EXCERPT) return pieces;
  let chosen: Piece[] = [];
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

function ending(text: string) {
  if (text.length <= EXCERPT / 2) return text;
  const last = text.slice(-EXCERPT / 2);
  return `… ${last.includes(" ") ? last.slice(last.indexOf(" ") + 1) : ""}`;
}

const beginning = (text: string, most: number) =>
  `${text.slice(0, Math.max(text.slice(0, most).lastIndexOf(" "), 0))} …`;
