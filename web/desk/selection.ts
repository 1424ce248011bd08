// The words that are selected: pieces that carry a fact together, moved and extended word by word.
import type { TextWords } from "./text_words.ts";

type Piece = {
  start: number;
  end: number;
  /** the word that it began with */ from: number;
  /** the word that it goes to */ to: number;
};

/** Which words of a text are selected. */
export class WordSelection {
  /** Those that are done. */
  kept: Piece[] = [];
  /** The one that the keys move. */
  now: Piece | null = null;
  /** Whether the next move begins another piece. */
  isAdding = false;

  words;
  changed;

  constructor(words: TextWords, changed: () => void) {
    this.words = words;
    this.changed = changed;
  }

  /** Returns the pieces in the order of the text, those that touch as one. */
  get spans(): Span[] {
    const every = [...this.kept, ...(this.now ? [this.now] : [])].map((it) => [it.start, it.end] as Span);
    every.sort((one, other) => one[0] - other[0]);
    const found: Span[] = [];
    for (const [start, end] of every) {
      const last = found.at(-1);
      if (last && start <= last[1]) last[1] = Math.max(last[1], end);
      else found.push([start, end]);
    }
    return found;
  }

  /** How many words are selected. */
  get size() {
    return this.spans.reduce((n, span) => {
      const [first, last] = this.words.among(span);
      return n + last - first + 1;
    }, 0);
  }

  /** The selected words, pieces apart. */
  get text() {
    return this.spans.map(([start, end]) => this.words.text.slice(start, end).replace(/\s+/g, " ")).join(" […] ");
  }

  /** Selects a span; another piece where one is to be added. */
  select([start, end]: Span) {
    const [from, to] = this.words.among([start, end]);
    if (this.isAdding && this.now) this.kept.push(this.now);
    else if (!this.isAdding) this.kept = [];
    this.isAdding = false;
    this.now = { start, end, from, to };
    this.changed();
  }

  /** Selects these spans, and nothing else. */
  selectAll(spans: Span[]) {
    this.clear();
    for (const span of spans) {
      this.isAdding = Boolean(this.now);
      this.select(span);
    }
  }

  clear() {
    this.kept = [];
    this.now = null;
    this.isAdding = false;
    this.changed();
  }

  /** Keeps the piece: what is selected next is another one. A second time takes that back. */
  add() {
    if (!this.now) return;
    this.isAdding = !this.isAdding;
    this.changed();
  }

  /** Goes to a word; with `extends`, all from where the piece began are selected. */
  go(word: number, isExtended: boolean) {
    const to = Math.max(0, Math.min(word, this.words.words.length - 1));
    if (isExtended && this.now && !this.isAdding) {
      const from = this.now.from;
      const [first, last] = [Math.min(from, to), Math.max(from, to)];
      this.now = { start: this.words.words[first][0], end: this.words.words[last][1], from, to };
      this.changed();
    } else this.select(this.words.words[to]);
  }

  /** Moves by words. */
  step(by: number, isExtended: boolean) {
    this.go(this.now ? this.now.to + by : 0, isExtended);
  }

  /** Moves the end of the piece by signs: it takes a bracket or a mark with it. */
  stretch(by: number) {
    if (!this.now) return;
    const end = Math.max(this.now.start + 1, Math.min(this.now.end + by, this.words.text.length));
    this.now = { ...this.now, end };
    this.changed();
  }

  /** Moves by sentences. */
  stepSentence(way: 1 | -1, isExtended: boolean) {
    const { words } = this;
    const here = words.words[this.now?.to ?? 0];
    const [start, end] = words.sentence(here[0]);
    if (isExtended && way > 0) {
      const [, last] = words.among([start, end]);
      const at = this.now?.to === last ? words.among(words.sentence(words.words[last + 1]?.[0] ?? end))[1] : last;
      this.go(at, true);
    } else if (way > 0) this.go(words.at(end), isExtended);
    else {
      const first = words.at(start);
      this.go(
        (this.now?.to ?? 0) > first ? first : words.at(words.sentence(words.words[Math.max(0, first - 1)][0])[0]),
        isExtended,
      );
    }
  }

  /** Selects the sentence around the piece, and the paragraph where that is selected. */
  widen() {
    const here = this.now?.start ?? 0;
    const last = this.now ? this.now.end - 1 : here;
    const sentence = [this.words.sentence(here)[0], this.words.sentence(last)[1]] as Span;
    const { start, end } = this.words.paragraphs[this.words.paragraphAt(here)];
    const is = this.now && this.now.start <= sentence[0] && this.now.end >= sentence[1];
    if (!this.isAdding) this.now = null;
    const kept = this.kept;
    this.select(is ? [start, end] : sentence);
    if (kept.length) this.kept = kept;
  }
}
