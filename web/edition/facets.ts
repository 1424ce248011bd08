// Which rows of a list have the values that are chosen, and how many would have each other value: by an index that was
// prepared when the edition was published.

/** By certainty, the surest first, the rows that are said so: how far each is from the one before. */
type Gaps = number[][];
/** Said: what a title calls it, where that is not its name between quotation marks. Inner: it lies within a wider one. */
export type IndexedValue = { key: string; text: string; lang?: string; said?: string; inner?: boolean; rows: Gaps };
/** Clause: what one thing and several do that have a value. */
export type IndexedFacet = { name: string; clause: [string, string]; values: IndexedValue[] };
export type ListIndex = {
  id: string;
  rows: Gaps;
  how: string[];
  page: number;
  /** How many columns a page shows beside the names, at least those that are asked about. */
  shown: number;
  named: number;
  longest: number;
  /** What one thing of the list is called, and several. */
  subject: [string, string];
  /** The facets that lists of other kinds have, too, and where these are narrowed. */
  shared: string[];
  others: string[];
  columns: string[];
  pages: string[];
  facets: IndexedFacet[];
};
/** The keys of the values that are chosen, by the name of their facet. */
export type Choices = Map<string, string[]>;

/** The certainty of a row that does not answer. */
const NONE = 255;

export class Facets {
  #rows = new Map<IndexedValue, [number, number][]>();

  index;
  count;
  sure;

  /** @param index raises TypeError where it is none */
  constructor(index: ListIndex) {
    this.index = index;
    this.count = index.rows.reduce((sum, { length }) => sum + length, 0);
    this.sure = Uint8Array.from({ length: this.count });
    for (const [row, how] of rowsOf(index.rows, this.count)) this.sure[row] = how;
    for (const { values } of index.facets)
      for (const value of values) this.#rows.set(value, rowsOf(value.rows, this.count));
  }

  /** Returns what an address chooses, and what it asks that the list has not. */
  read(pairs: Iterable<[string, string]>) {
    const asked: Choices = new Map();
    const unknown = [];
    for (const [name, key] of pairs) {
      const facet = this.index.facets.find((it) => it.name === name);
      if (facet?.values.some((it) => it.key === key)) asked.set(name, [...(asked.get(name) ?? []), key]);
      else if (key && name !== "page") unknown.push(`${name}=${key}`);
    }
    const chosen: Choices = new Map();
    for (const { name } of this.index.facets) if (asked.has(name)) chosen.set(name, [...new Set(asked.get(name))]);
    return { chosen, unknown };
  }

  /** Returns the rows that have one of the chosen values of each facet with choices, the surest first. */
  rows(chosen: Choices) {
    const hows = this.hows(chosen);
    const found = [...hows.keys()].filter((row) => hows[row] !== NONE);
    return chosen.size ? found.sort((one, other) => hows[one] - hows[other]) : found;
  }

  /** Returns how many rows answer at least as surely as each certainty. */
  steps(chosen: Choices) {
    const hows = this.hows(chosen);
    return this.index.how.map((_, least) => hows.reduce((sum, how) => sum + Number(how <= least), 0));
  }

  /** Returns the number of rows with each value of a facet under the choices of the others, by the keys of values. */
  counts(facet: IndexedFacet, chosen: Choices) {
    const hows = this.hows(chosen, facet.name);
    const keys = chosen.get(facet.name) ?? [];
    const things = (value: IndexedValue) => this.#of(value).filter(([row]) => hows[row] !== NONE).length;
    const counted = facet.values.map((value) => [value, things(value)] as const);
    const shown = counted.filter(([value, n]) => keys.includes(value.key) || (n && !value.inner));
    return new Map(shown.map(([value, n]) => [value.key, n]));
  }

  /** Returns the values that are chosen, by facet. */
  values(chosen: Choices) {
    const facets = this.index.facets.filter(({ name }) => chosen.has(name));
    return facets.map((facet) => ({
      facet,
      values: facet.values.filter(({ key }) => chosen.get(facet.name)?.includes(key)),
    }));
  }

  /**
   * Returns for each row how surely it answers the choices, those of one facet aside: by its class and by one of the
   * chosen values of each facet, each as surely as it has it at best, the weakest of them.
   */
  hows(chosen: Choices, aside = "") {
    const hows = this.sure.slice();
    for (const { name, values } of this.index.facets) {
      const keys = chosen.get(name);
      if (!keys || name === aside) continue;
      const those = values.filter((value) => keys.includes(value.key));
      const best = new Uint8Array(this.count).fill(NONE);
      for (const value of those) for (const [row, how] of this.#of(value)) best[row] = Math.min(best[row], how);
      for (const row of hows.keys()) hows[row] = Math.max(hows[row], best[row]);
    }
    return hows;
  }

  #of(value: IndexedValue) {
    return this.#rows.get(value) ?? [];
  }
}

/** Returns rows, each with its certainty. */
function rowsOf(gaps: Gaps, most: number) {
  const found: [number, number][] = [];
  gaps.forEach((of, how) => {
    let row = 0;
    for (const gap of of) found.push([(row += gap), how]);
  });
  if (found.some(([row]) => row >= most)) throw new TypeError(String(most));
  return found;
}
