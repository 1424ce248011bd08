// The rows of an answer. Each column is looked through once: its values, and which row has which.
import { isNumber, textOf } from "./cells.ts";
import { fold } from "../../base/folding.ts";
import type { Names } from "./names.ts";

/** Up to so many things are called by their names wherever they stand; beyond, those in sight are. */
const MOST_NAMED = 2000;

export class Rows {
  values = new Map<string, Values>();
  /** Whether things stand by their addresses. */
  addresses = false;

  columns!: string[];
  rows!: Row[];
  names!: Names;

  constructor(how: Pick<Rows, "columns" | "rows" | "names">) {
    Object.assign(this, how);
  }

  get length() {
    return this.rows.length;
  }

  /** Returns the values of a column. */
  of(column: string) {
    const values = this.values.get(column) ?? new Values(this.rows, column);
    this.values.set(column, values);
    return values;
  }

  /** Has the things of some columns called by their names, where they are not too many. */
  async call(columns: string[]) {
    const things = columns.flatMap((column) =>
      this.of(column).terms.flatMap((term) => (term?.type === "uri" ? [term.value] : [])),
    );
    if (!this.addresses && things.length <= MOST_NAMED) await this.names.want(things);
  }

  nameOf(term: Term) {
    return term.type === "uri" && !this.addresses ? this.names.of(term.value) : undefined;
  }

  /** Returns what a term is read as: a thing's name, else what is written in the data. */
  plain(term: Term) {
    return this.nameOf(term)?.label ?? (typeof term.value === "string" ? term.value : textOf(term));
  }

  /** Returns the terms of a column as they are compared with a text, made anew when names came. */
  folded(column: string) {
    const values = this.of(column);
    const made = `${this.addresses} ${this.names.known.size}`;
    if (values.made !== made)
      Object.assign(values, { made, folded: values.terms.map((term) => (term ? this.searched(term) : "")) });
    return values.folded;
  }

  /** Numbers and dates are found as they are shown, and as they are in the data. */
  searched(term: Term) {
    const [plain, shown] = [this.plain(term), textOf(term)];
    return fold(plain === shown || term.type === "uri" ? plain : `${plain} ${shown}`);
  }

  /**
   * Returns the numbers of all rows sorted by a column: numbers before texts, what is not bound
   * last either way, else as they came.
   */
  async sorted(column: string, way: number) {
    await this.call([column]);
    const { terms, codes } = this.of(column);
    const keys = terms.map((term) => term && (isNumber(term) ? Number(term.value) : fold(this.plain(term))));
    return placed(codes, ranksOf(keys, way));
  }
}

/** The different values of a column, the first being none at all, and the value of each row. */
class Values {
  terms: (Term | undefined)[] = [undefined];
  /** The terms as they are compared with a text, and of when that is. */
  folded: string[] = [];
  made = "";

  codes;

  constructor(rows: Row[], column: string) {
    const known = new Map();
    this.codes = Uint32Array.from(rows, ({ [column]: term }) => {
      if (!term) return 0;
      const key = keyOf(term);
      let code = known.get(key);
      if (code === undefined) known.set(key, (code = this.terms.push(term) - 1));
      return code;
    });
  }

  /** Returns how many of the rows have each value, of those that a mask lets through. */
  counts(mask?: Uint8Array) {
    const counts = new Uint32Array(this.terms.length);
    for (let row = 0; row < this.codes.length; row++) if (!mask || mask[row]) counts[this.codes[row]]++;
    return counts;
  }
}

/** Returns what is the same for the same terms alone. */
function keyOf(term: Term) {
  if (typeof term.value !== "string") return JSON.stringify(term);
  return `${term.type} ${term["xml:lang"] ?? ""} ${term["its:dir"] ?? ""} ${term.datatype ?? ""} ${term.value}`;
}

/** Returns the rank of each key; the same keys have the same. */
function ranksOf(keys: (string | number | undefined)[], way: number) {
  const different = [...new Set(keys)];
  const numbers = Float64Array.from(different.filter((key) => typeof key === "number")).sort();
  const sorted = [...numbers, ...different.filter((key) => typeof key === "string").sort()];
  const ranks: Map<string | number | undefined, number> = new Map(
    (way < 0 ? sorted.reverse() : sorted).map((key, rank) => [key, rank]),
  );
  return Uint32Array.from(keys, (key) => ranks.get(key) ?? ranks.size);
}

/** Returns the rows by the ranks of their values. */
function placed(codes: Uint32Array, ranks: Uint32Array) {
  const starts = new Uint32Array(ranks.length + 2);
  for (const code of codes) starts[ranks[code] + 1]++;
  for (let rank = 1; rank < starts.length; rank++) starts[rank] += starts[rank - 1];
  const order = new Uint32Array(codes.length);
  for (let row = 0; row < codes.length; row++) order[starts[ranks[codes[row]]]++] = row;
  return order;
}

// Which rows are shown: those that have the text that is looked for, and the values that were chosen.

export class Refining {
  words: string[] = [];
  /** Which rows have all words that are looked for. */
  having: Uint8Array | undefined;
  /** the values that were chosen in each column; one of them is enough */
  chosen = new Map<string, Set<number>>();

  rows;

  constructor(rows: Rows) {
    this.rows = rows;
  }

  /** Lets only those rows through that have each word of a text in some of these columns. */
  async look(text: string, columns: string[]) {
    this.words = [...new Set(fold(text).split(" "))].filter(Boolean);
    if (this.words.length) await this.rows.call(columns);
    this.having = this.words.length ? this.withWords(columns) : undefined;
  }

  withWords(columns: string[]) {
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

  /** Chooses a value of a column, or lets go of it. */
  choose(column: string, code: number, wanted: boolean) {
    const codes = this.chosen.get(column) ?? new Set();
    if (wanted) codes.add(code);
    else codes.delete(code);
    if (codes.size) this.chosen.set(column, codes);
    else this.chosen.delete(column);
  }

  /** Chooses these values of a column and no others. */
  only(column: string, codes: Set<number>) {
    if (codes.size) this.chosen.set(column, codes);
    else this.chosen.delete(column);
  }

  clear() {
    this.words = [];
    this.having = undefined;
    this.chosen.clear();
  }

  /** Returns which rows pass, undefined where all do; the choices in one column may be left out. */
  mask(without?: string) {
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
