// A text that the reader has: which file is one, and where the words of passages stand in it. Positions count Unicode code points.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** Words of a text, from their first code point to the one after their last. */
export type Span = [start: number, end: number];
/** A passage of the graph, and the words that the graph has of it. */
export type Passage = [start: number, end: number, printed: string[]];
/** A passage of the graph, and where one of its printed words stands in a copy. */
export type Found = [start: number, end: number, from: number, to: number];

const LINE_ENDS = /\r\n?|[\x0b\x0c\x85\u2028\u2029]/g;
const UNPRINTED = /[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe]/g;
const PDF = "%PDF-";
const OTHER = /^(?:PK\x03\x04|\xd0\xcf\x11\xe0|\{\\rtf|\x89PNG|\xff\xd8\xff)/;
const LETTER = /[\p{L}\p{N}]/u;
const SENTENCE_END = /[.!?…][»”"*]*\s+(?![:;,.a-zà-öø-ÿ])|\n\s*\n\s*/gu;
const PARAGRAPH_END = /\n[^\S\n]*\n\s*/gu;
/** Signs of emphasis and of raised letters, around words. */
const SIGNS = [
  /(\*\*)(?=\S)((?:(?!\*\*|\n\s*\n)[^])*?\S)(\*\*)/g,
  /(\*)(?=[^\s*])((?:(?!\*|\n\s*\n)[^])*?[^\s*])(\*)/g,
  /(\^\{)([^{}\n]{1,40})(\})/g,
];
/** Stands for a sign, so that positions stay. */
const SIGN = "\ue000";
/** So many code points of a sentence are shown on either side at most. */
const AROUND = 240;
/** Words of so few letters say nothing of which text it is. */
const TELLING = 5;
/** So many of the printed words are in a copy of a text, at least. */
const SHARE = 0.6;

/** Returns the text of a file, written as extractions are; or the name of what the file is instead. */
export function textIn(bytes: Uint8Array): { text: string } | "pdf" | "other" {
  const head = String.fromCharCode(...bytes.subarray(0, 1024));
  if (head.includes(PDF)) return "pdf";
  const wide = head.startsWith("\xff\xfe") ? "utf-16le" : head.startsWith("\xfe\xff") ? "utf-16be" : "";
  if (OTHER.test(head) || (!wide && bytes.includes(0))) return "other";
  const text = decoded(bytes, wide).replace(LINE_ENDS, "\n").replace(UNPRINTED, "").normalize("NFC");
  return LETTER.test(text) ? { text } : "other";
}

function decoded(bytes: Uint8Array, wide: string) {
  try {
    return new TextDecoder(wide || "utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Returns the SHA-256 of a text in UTF-8; `crypto.subtle` is missing where a site has no certificate. */
export const digestOf = (text: string) => bytesToHex(sha256(utf8ToBytes(text)));

/** A text whose words are found by their letters and digits alone: line ends, hyphens, quotation marks and accents differ from copy to copy. */
export class OwnText {
  readonly points: string[];
  readonly letters: string;
  readonly #at: number[] = [];

  constructor(text: string) {
    const hidden = (it: string) => SIGN.repeat(it.length);
    const signs = (all: string, sign: RegExp) =>
      all.replace(sign, (_, before, words, after) => `${hidden(before)}${words}${hidden(after)}`);
    this.points = [...SIGNS.reduce(signs, text)];
    const found: string[] = [];
    this.points.forEach((point, n) => {
      for (const letter of point.normalize("NFKD").toLowerCase())
        if (LETTER.test(letter)) {
          found.push(letter);
          for (let unit = 0; unit < letter.length; unit++) this.#at.push(n);
        }
    });
    this.letters = found.join("");
  }

  /** Returns where words stand as words of their own. */
  places(words: string): Span[] {
    const { letters } = new OwnText(words);
    const found: Span[] = [];
    let n = letters ? this.letters.indexOf(letters) : -1;
    while (n >= 0) {
      const [start, end] = [this.#at[n] as number, (this.#at[n + letters.length - 1] as number) + 1];
      const isWithin = [this.points[start - 1], this.points[end]].some((it) => it && LETTER.test(it));
      if (!isWithin) found.push([start, end]);
      n = this.letters.indexOf(letters, n + 1);
    }
    return found;
  }

  /** Returns where words stand within others; null where they do not. */
  within([from, to]: Span, words: string) {
    return this.places(words).find(([start, end]) => from <= start && end <= to) ?? null;
  }

  /** Returns what is read between two positions. */
  words = ([start, end]: Span) => this.points.slice(start, end).join("").replaceAll(SIGN, "");
}

/** Returns where the printed words of passages stand in a copy of their text; null for what is no copy of it. */
export function foundIn(copy: OwnText, passages: Passage[]): Found[] | null {
  const places = new Map(passages.flatMap(([, , printed]) => printed).map((it) => [it, copy.places(it)]));
  const telling = [...places].filter(([words]) => new OwnText(words).letters.length >= TELLING);
  const share = telling.filter(([, found]) => found.length).length / telling.length;
  if (!(share >= SHARE)) return null;
  const once = passages.flatMap(([start, , printed]) =>
    printed
      .map((it) => places.get(it) ?? [])
      .flatMap((it) => (it.length === 1 ? [[start, (it[0] as Span)[0]] as Span] : [])),
  );
  const anchors = rising(once);
  return passages.flatMap(([start, end, printed]) =>
    printed.flatMap((words) => {
      const [from, to] = [expected(anchors, start), expected(anchors, end)];
      const far = ([at]: Span) => Math.max(from - at, at - to, 0);
      const best = [...(places.get(words) ?? [])].sort((one, other) => far(one) - far(other))[0];
      return best && far(best) <= AROUND ? [[start, end, ...best] as Found] : [];
    }),
  );
}

/** Returns the most of some pairs that rise in both numbers. */
function rising(pairs: Span[]) {
  type Chain = { pair: Span; before?: Chain | undefined };
  const ends: Chain[] = [];
  for (const pair of [...pairs].sort((one, other) => one[0] - other[0] || other[1] - one[1])) {
    const found = ends.findIndex((it) => it.pair[1] >= pair[1]);
    const at = found < 0 ? ends.length : found;
    ends[at] = { pair, before: ends[at - 1] };
  }
  const chain: Span[] = [];
  for (let it = ends.at(-1); it; it = it.before) chain.unshift(it.pair);
  return chain;
}

/** Returns where a position is to be expected in a copy, between pairs that are known. */
function expected(anchors: Span[], position: number) {
  const after = anchors.findIndex(([it]) => it >= position);
  const one = anchors[after < 0 ? anchors.length - 1 : Math.max(0, after - 1)] ?? [0, 0];
  const other = anchors[after] ?? one;
  const slope = other[0] > one[0] ? (other[1] - one[1]) / (other[0] - one[0]) : 1;
  return one[1] + (position - one[0]) * slope;
}

/** Returns the sentences that words stand in; those that share words, as one. */
export function sentences({ points }: OwnText, spans: Span[]): Span[] {
  const found: Span[] = [];
  for (const [start, end] of [...spans].sort((one, other) => one[0] - other[0])) {
    const before = points.slice(Math.max(0, start - AROUND), start).join("");
    const edge = [...before.matchAll(SENTENCE_END)].at(-1);
    const from = start - [...before.slice(edge ? edge.index + edge[0].length : 0)].length;
    // What ends a sentence may be the last of the words.
    const after = points.slice(end - 1, end + AROUND).join("");
    const [stop] = after.matchAll(SENTENCE_END);
    const to = stop
      ? end - 1 + [...(after.slice(0, stop.index) + stop[0].trimEnd())].length
      : Math.min(end + AROUND, points.length);
    const last = found.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to, end);
    else found.push([from, Math.max(to, end)]);
  }
  return found;
}

/** Returns the paragraphs of a part. */
export function paragraphs(text: OwnText, [start, end]: Span): Span[] {
  const found: Span[] = [];
  let at = start;
  const words = text.points.slice(start, end).join("");
  let last = 0;
  for (const gap of [...words.matchAll(PARAGRAPH_END), null]) {
    const own = words.slice(last, gap?.index);
    const next = at + [...own].length;
    if (LETTER.test(own)) found.push([at, next]);
    at = next + [...(gap?.[0] ?? "")].length;
    last = (gap?.index ?? 0) + (gap?.[0].length ?? 0);
  }
  return found;
}

/** Returns whether two copies of words are the same to a reader. */
export const isSame = (one: string, other: string) => new OwnText(one).letters === new OwnText(other).letters;
