// Which rows are shown: those that have the text that is looked for, and the values that were chosen.
import { fold } from "./folding.js";

export class Refining {
  /** @type {string[]} */
  words = [];
  /** Which rows have all words that are looked for. @type {Uint8Array | undefined} */
  having;
  /** @type {Map<string, Set<number>>} the values that were chosen in each column; one of them is enough */
  chosen = new Map();

  /** @param {import("./rows.js").Rows} rows */
  constructor(rows) {
    this.rows = rows;
  }

  /**
   * Lets only those rows through that have each word of a text in some of these columns.
   * @param {string} text
   * @param {string[]} columns
   */
  async look(text, columns) {
    this.words = [...new Set(fold(text).split(" "))].filter(Boolean);
    if (this.words.length) await this.rows.call(columns);
    this.having = this.words.length ? this.withWords(columns) : undefined;
  }

  /** @param {string[]} columns */
  withWords(columns) {
    const mask = new Uint8Array(this.rows.length).fill(1);
    for (const word of this.words) {
      const found = new Uint8Array(this.rows.length);
      for (const column of columns) {
        const has = Uint8Array.from(this.rows.folded(column), (text) => Number(text.includes(word)));
        const { codes } = this.rows.of(column);
        for (let row = 0; row < codes.length; row++) found[row] |= has[codes[row]];
      }
      for (let row = 0; row < mask.length; row++) mask[row] &= found[row];
    }
    return mask;
  }

  /**
   * Chooses a value of a column, or lets go of it.
   * @param {string} column
   * @param {number} code
   * @param {boolean} wanted
   */
  choose(column, code, wanted) {
    const codes = this.chosen.get(column) ?? new Set();
    if (wanted) codes.add(code);
    else codes.delete(code);
    if (codes.size) this.chosen.set(column, codes);
    else this.chosen.delete(column);
  }

  /**
   * Chooses these values of a column and no others.
   * @param {string} column
   * @param {Set<number>} codes
   */
  only(column, codes) {
    if (codes.size) this.chosen.set(column, codes);
    else this.chosen.delete(column);
  }

  clear() {
    this.words = [];
    this.having = undefined;
    this.chosen.clear();
  }

  /**
   * Returns which rows pass, undefined where all do; the choices in one column may be left out.
   * @param {string=} without
   */
  mask(without) {
    let mask = this.having;
    for (const [column, chosen] of this.chosen) {
      if (column === without) continue;
      const { codes, terms } = this.rows.of(column);
      const allowed = Uint8Array.from(terms, (_, code) => Number(chosen.has(code)));
      mask = mask ? mask.slice() : new Uint8Array(this.rows.length).fill(1);
      for (let row = 0; row < codes.length; row++) mask[row] &= allowed[codes[row]];
    }
    return mask;
  }
}
