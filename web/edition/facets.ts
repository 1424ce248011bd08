// Which rows of a list have the values that are chosen, and how many would have each other value: by an index that was
// prepared when the edition was published.

/** By certainty, the surest first, the rows that are said so: how far each is from the one before. */
type Gaps = number[][];
/** Inner: it lies within a wider one. */
export type IndexedValue = { key: string; text: string; lang?: string; how?: string; inner?: boolean; rows: Gaps };
/** Certainty: its values say how surely rows answer the choices. */
type IndexedFacet = {
  name: string;
  text: string;
  lang?: string;
  within?: boolean;
  certainty?: boolean;
  values: IndexedValue[];
};
export type ListIndex = {
  id: string;
  rows: Gaps;
  how: string[];
  page: number;
  first: number;
  open: number;
  most: number;
  columns: string[];
  pages: string[];
  facets: IndexedFacet[];
};
/** The keys of the values that are chosen, by the name of their facet. */
export type Choices = Map<string, string[]>;
export type Option = { value: IndexedValue; things: number; isChosen: boolean };
export type ShownFacet = {
  facet: IndexedFacet;
  first: Option[];
  rest: Option[];
  hidden: number;
  isChosen: boolean;
  isFolded: boolean;
};

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

  /** Returns the rows that have one of the chosen values of each facet with choices. */
  rows(chosen: Choices) {
    const [hows, wanted] = [this.hows(chosen), this.#wanted(chosen)];
    return [...hows.keys()].filter((row) => wanted.has(hows[row]));
  }

  /**
   * Returns the facets with the number of rows of each value under the choices of the others. What leaves no other
   * choice is left out.
   */
  shown(chosen: Choices): ShownFacet[] {
    const facets = this.index.facets.map((facet) => this.#shown(facet, chosen)).filter(narrows);
    facets.forEach((it, place) => (it.isFolded = place >= this.index.open && !it.isChosen));
    return facets;
  }

  /** Returns how many of the chosen rows answer the choices how surely, by the names of certainties. */
  certainties(chosen: Choices) {
    const [hows, wanted] = [this.hows(chosen), this.#wanted(chosen)];
    const counted = this.index.how.map((name, how) => [name, wanted.has(how) ? count(hows, how) : 0] as const);
    return new Map(counted.filter(([, n]) => n));
  }

  /** Returns the number of rows with each value of a facet under the choices of the others. */
  options(facet: IndexedFacet, chosen: Choices): Option[] {
    const [hows, wanted] = [this.hows(chosen, facet.name), this.#wanted(chosen)];
    const keys = chosen.get(facet.name) ?? [];
    return facet.values
      .map((value) => ({ value, things: this.#things(facet, value, hows, wanted), isChosen: keys.includes(value.key) }))
      .filter((it) => it.isChosen || (it.things && !it.value.inner))
      .sort((one, other) => Number(other.isChosen) - Number(one.isChosen) || other.things - one.things);
  }

  #shown(facet: IndexedFacet, chosen: Choices) {
    const { first, most } = this.index;
    const options = this.options(facet, chosen);
    const shown = options.slice(0, most);
    const at = Math.max(first, chosen.get(facet.name)?.length ?? 0);
    const cut = shown.length === at + 1 ? at + 1 : at;
    return {
      facet,
      first: shown.slice(0, cut),
      rest: shown.slice(cut),
      hidden: options.length - shown.length,
      isChosen: chosen.has(facet.name),
      isFolded: false,
    };
  }

  /**
   * Returns for each row how surely it answers the choices, those of certainties and of one facet aside: by its class
   * and by one of the chosen values of each facet, each as surely as it has it at best, the weakest of them.
   */
  hows(chosen: Choices, aside = "") {
    const hows = this.sure.slice();
    for (const { name, certainty, values } of this.index.facets) {
      const keys = chosen.get(name);
      if (!keys || name === aside || certainty) continue;
      const those = values.filter((value) => keys.includes(value.key));
      const best = new Uint8Array(this.count).fill(NONE);
      for (const value of those) for (const [row, how] of this.#of(value)) best[row] = Math.min(best[row], how);
      for (const row of hows.keys()) hows[row] = Math.max(hows[row], best[row]);
    }
    return hows;
  }

  /** Returns the certainties that are chosen, all without a choice. */
  #wanted(chosen: Choices) {
    const asked = this.index.facets.find(({ name, certainty }) => certainty && chosen.has(name));
    const values = asked?.values.filter((value) => chosen.get(asked.name)?.includes(value.key));
    const names = values?.map((value) => value.how) ?? this.index.how;
    return new Set(names.map((name) => this.index.how.indexOf(name ?? "")));
  }

  /** @param hows of the rows under the other choices */
  #things(facet: IndexedFacet, value: IndexedValue, hows: Uint8Array, wanted: Set<number>) {
    if (facet.certainty) return count(hows, this.index.how.indexOf(value.how ?? ""));
    return this.#of(value).filter(([row, how]) => wanted.has(Math.max(hows[row], how))).length;
  }

  #of(value: IndexedValue) {
    return this.#rows.get(value) ?? [];
  }
}

const narrows = ({ first, isChosen }: ShownFacet) => first.length > 1 || isChosen;

const count = (hows: Uint8Array, how: number) => hows.reduce((sum, it) => sum + Number(it === how), 0);

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
