// Finds words of the text as one writes their beginnings: `bezh..limno` selects from the one to the other.
import { foldedInPlace } from "./folded.js";

const FROM_TO = "..";

/** What finds words in a text. */
export class TextFinder {
  /** @param {import("./text_words.js").TextWords} words */
  constructor(words) {
    this.words = words;
    this.folded = foldedInPlace(words.text);
  }

  /**
   * Returns where a word begins as is written, from a position on and then from the text's beginning; null where none does.
   * @param {string} written
   * @param {number} from
   * @returns {Span | null}
   */
  find(written, from) {
    const [first, ...rest] = written.split(FROM_TO);
    const start = this.#next(first, from) ?? this.#next(first, 0);
    if (!start || !rest.length) return start;
    const last = rest.join(FROM_TO);
    const end = last.trim() ? this.#next(last, start[1]) : null;
    return end ? [start[0], end[1]] : start;
  }

  /**
   * @param {string} written
   * @param {number} from
   * @returns {Span | null}
   */
  #next(written, from) {
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
   * @param {string} written
   * @param {Span[]} near where it is looked for first
   */
  completed(written, near) {
    for (const from of [...near.map(([start]) => start), 0]) {
      const found = this.#next(written, from);
      if (found && written.trim()) return this.#name(found);
    }
    return written.trim();
  }

  /**
   * Returns a name from its beginning on: the words with a capital that follow, and what joins them.
   * @param {Span} found
   */
  #name([start, end]) {
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
