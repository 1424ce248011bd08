// The rows of an answer. Each column is looked through once: its values, and which row has which.
import { isNumber, textOf } from "./cells.js";
import { fold } from "./folding.js";

/** Up to so many things are called by their names wherever they stand; beyond, those in sight are. */
const MOST_NAMED = 2000;

export class Rows {
  /** @type {Map<string, Values>} */
  values = new Map();
  /** Whether things stand by their addresses. */
  addresses = false;

  /**
   * @param {{columns: string[], rows: Row[], names: import("./names.js").Names}} of
   */
  constructor({ columns, rows, names }) {
    this.columns = columns;
    this.rows = rows;
    this.names = names;
  }

  get length() {
    return this.rows.length;
  }

  /**
   * Returns the values of a column.
   * @param {string} column
   */
  of(column) {
    const values = this.values.get(column) ?? new Values(this.rows, column);
    this.values.set(column, values);
    return values;
  }

  /**
   * Has the things of some columns called by their names, where they are not too many.
   * @param {string[]} columns
   */
  async call(columns) {
    const things = columns.flatMap((column) =>
      this.of(column).terms.flatMap((term) => (term?.type === "uri" ? [term.value] : [])),
    );
    if (!this.addresses && things.length <= MOST_NAMED) await this.names.want(things);
  }

  /** @param {Term} term */
  nameOf(term) {
    return term.type === "uri" && !this.addresses ? this.names.of(term.value) : undefined;
  }

  /**
   * Returns what a term is read as: a thing's name, else what is written in the data.
   * @param {Term} term
   */
  plain(term) {
    return this.nameOf(term)?.label ?? (typeof term.value === "string" ? term.value : textOf(term));
  }

  /**
   * Returns the terms of a column as they are compared with a text, made anew when names came.
   * @param {string} column
   */
  folded(column) {
    const values = this.of(column);
    const made = `${this.addresses} ${this.names.known.size}`;
    if (values.made !== made)
      Object.assign(values, { made, folded: values.terms.map((term) => (term ? this.searched(term) : "")) });
    return values.folded;
  }

  /**
   * Numbers and dates are found as they are shown, and as they are in the data.
   * @param {Term} term
   */
  searched(term) {
    const [plain, shown] = [this.plain(term), textOf(term)];
    return fold(plain === shown || term.type === "uri" ? plain : `${plain} ${shown}`);
  }

  /**
   * Returns the numbers of all rows sorted by a column: numbers before texts, what is not bound
   * last either way, else as they came.
   * @param {string} column
   * @param {number} way
   */
  async sorted(column, way) {
    await this.call([column]);
    const { terms, codes } = this.of(column);
    const keys = terms.map((term) => term && (isNumber(term) ? Number(term.value) : fold(this.plain(term))));
    return placed(codes, ranksOf(keys, way));
  }
}

/** The different values of a column, the first being none at all, and the value of each row. */
class Values {
  /** @type {(Term | undefined)[]} */
  terms = [undefined];
  /** The terms as they are compared with a text, and of when that is. @type {string[]} */
  folded = [];
  made = "";

  /**
   * @param {Row[]} rows
   * @param {string} column
   */
  constructor(rows, column) {
    const known = new Map();
    this.codes = Uint32Array.from(rows, ({ [column]: term }) => {
      if (!term) return 0;
      const key = keyOf(term);
      let code = known.get(key);
      if (code === undefined) known.set(key, (code = this.terms.push(term) - 1));
      return code;
    });
  }

  /**
   * Returns how many of the rows have each value, of those that a mask lets through.
   * @param {Uint8Array=} mask
   */
  counts(mask) {
    const counts = new Uint32Array(this.terms.length);
    for (let row = 0; row < this.codes.length; row++) if (!mask || mask[row]) counts[this.codes[row]]++;
    return counts;
  }
}

/**
 * Returns what is the same for the same terms alone.
 * @param {Term} term
 */
function keyOf(term) {
  if (typeof term.value !== "string") return JSON.stringify(term);
  return `${term.type} ${term["xml:lang"] ?? ""} ${term["its:dir"] ?? ""} ${term.datatype ?? ""} ${term.value}`;
}

/**
 * Returns the rank of each key; the same keys have the same.
 * @param {(string | number | undefined)[]} keys
 * @param {number} way
 */
function ranksOf(keys, way) {
  const different = [...new Set(keys)];
  const numbers = Float64Array.from(different.filter((key) => typeof key === "number")).sort();
  const sorted = [...numbers, ...different.filter((key) => typeof key === "string").sort()];
  /** @type {Map<string | number | undefined, number>} */
  const ranks = new Map((way < 0 ? sorted.reverse() : sorted).map((key, rank) => [key, rank]));
  return Uint32Array.from(keys, (key) => ranks.get(key) ?? ranks.size);
}

/**
 * Returns the rows by the ranks of their values.
 * @param {Uint32Array} codes
 * @param {Uint32Array} ranks
 */
function placed(codes, ranks) {
  const starts = new Uint32Array(ranks.length + 2);
  for (const code of codes) starts[ranks[code] + 1]++;
  for (let rank = 1; rank < starts.length; rank++) starts[rank] += starts[rank - 1];
  const order = new Uint32Array(codes.length);
  for (let row = 0; row < codes.length; row++) order[starts[ranks[codes[row]]]++] = row;
  return order;
}
