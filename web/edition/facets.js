// Which rows of a list have the values that are chosen, and how many would have each other value: by an index that was
// prepared when the edition was published.

/** By certainty, the surest first, the rows that are said so: how far each is from the one before. @typedef {number[][]} Gaps */
/** @typedef {{key: string, text: string, lang?: string, how?: string, inner?: boolean, rows: Gaps}} IndexedValue inner: it lies within a wider one */
/** @typedef {{name: string, text: string, lang?: string, within?: boolean, certainty?: boolean, values: IndexedValue[]}} IndexedFacet certainty: its values say how surely rows answer the choices */
/** @typedef {{id: string, rows: Gaps, how: string[], page: number, first: number, open: number, most: number, columns: string[], pages: string[], facets: IndexedFacet[]}} ListIndex */
/** The keys of the values that are chosen, by the name of their facet. @typedef {Map<string, string[]>} Choices */
/** @typedef {{value: IndexedValue, things: number, isChosen: boolean}} Option */
/** @typedef {{facet: IndexedFacet, first: Option[], rest: Option[], hidden: number, isChosen: boolean, isFolded: boolean}} ShownFacet */

/** The certainty of a row that does not answer. */
const NONE = 255;

export class Facets {
  /** @type {Map<IndexedValue, [number, number][]>} */
  #rows = new Map();

  /** @param {ListIndex} index raises TypeError where it is none */
  constructor(index) {
    this.index = index;
    this.count = index.rows.reduce((sum, { length }) => sum + length, 0);
    this.sure = Uint8Array.from({ length: this.count });
    for (const [row, how] of rowsOf(index.rows, this.count)) this.sure[row] = how;
    for (const { values } of index.facets)
      for (const value of values) this.#rows.set(value, rowsOf(value.rows, this.count));
  }

  /**
   * Returns what an address chooses, and what it asks that the list has not.
   * @param {Iterable<[string, string]>} pairs
   */
  read(pairs) {
    /** @type {Choices} */
    const asked = new Map();
    const unknown = [];
    for (const [name, key] of pairs) {
      const facet = this.index.facets.find((it) => it.name === name);
      if (facet?.values.some((it) => it.key === key)) asked.set(name, [...(asked.get(name) ?? []), key]);
      else if (key && name !== "page") unknown.push(`${name}=${key}`);
    }
    /** @type {Choices} */
    const chosen = new Map();
    for (const { name } of this.index.facets) if (asked.has(name)) chosen.set(name, [...new Set(asked.get(name))]);
    return { chosen, unknown };
  }

  /**
   * Returns the rows that have one of the chosen values of each facet with choices.
   * @param {Choices} chosen
   */
  rows(chosen) {
    const [hows, wanted] = [this.hows(chosen), this.#wanted(chosen)];
    return [...hows.keys()].filter((row) => wanted.has(hows[row]));
  }

  /**
   * Returns the facets with the number of rows of each value under the choices of the others. What leaves no other
   * choice is left out.
   * @param {Choices} chosen
   * @returns {ShownFacet[]}
   */
  shown(chosen) {
    const facets = this.index.facets.map((facet) => this.#shown(facet, chosen)).filter(narrows);
    facets.forEach((it, place) => (it.isFolded = place >= this.index.open && !it.isChosen));
    return facets;
  }

  /**
   * Returns how many of the chosen rows answer the choices how surely, by the names of certainties.
   * @param {Choices} chosen
   */
  certainties(chosen) {
    const [hows, wanted] = [this.hows(chosen), this.#wanted(chosen)];
    const counted = this.index.how.map(
      (name, how) => /** @type {const} */ ([name, wanted.has(how) ? count(hows, how) : 0]),
    );
    return new Map(counted.filter(([, n]) => n));
  }

  /**
   * Returns the number of rows with each value of a facet under the choices of the others.
   * @param {IndexedFacet} facet
   * @param {Choices} chosen
   * @returns {Option[]}
   */
  options(facet, chosen) {
    const [hows, wanted] = [this.hows(chosen, facet.name), this.#wanted(chosen)];
    const keys = chosen.get(facet.name) ?? [];
    return facet.values
      .map((value) => ({ value, things: this.#things(facet, value, hows, wanted), isChosen: keys.includes(value.key) }))
      .filter((it) => it.isChosen || (it.things && !it.value.inner))
      .sort((one, other) => Number(other.isChosen) - Number(one.isChosen) || other.things - one.things);
  }

  /**
   * @param {IndexedFacet} facet
   * @param {Choices} chosen
   */
  #shown(facet, chosen) {
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
   * @param {Choices} chosen
   * @param {string} aside
   */
  hows(chosen, aside = "") {
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

  /**
   * Returns the certainties that are chosen, all without a choice.
   * @param {Choices} chosen
   */
  #wanted(chosen) {
    const asked = this.index.facets.find(({ name, certainty }) => certainty && chosen.has(name));
    const values = asked?.values.filter((value) => chosen.get(asked.name)?.includes(value.key));
    const names = values?.map((value) => value.how) ?? this.index.how;
    return new Set(names.map((name) => this.index.how.indexOf(name ?? "")));
  }

  /**
   * @param {IndexedFacet} facet
   * @param {IndexedValue} value
   * @param {Uint8Array} hows of the rows under the other choices
   * @param {Set<number>} wanted
   */
  #things(facet, value, hows, wanted) {
    if (facet.certainty) return count(hows, this.index.how.indexOf(value.how ?? ""));
    return this.#of(value).filter(([row, how]) => wanted.has(Math.max(hows[row], how))).length;
  }

  /** @param {IndexedValue} value */
  #of(value) {
    return this.#rows.get(value) ?? [];
  }
}

/** @param {ShownFacet} facet */
const narrows = ({ first, isChosen }) => first.length > 1 || isChosen;

/**
 * @param {Uint8Array} hows
 * @param {number} how
 */
const count = (hows, how) => hows.reduce((sum, it) => sum + Number(it === how), 0);

/**
 * Returns rows, each with its certainty.
 * @param {Gaps} gaps
 * @param {number} most
 */
function rowsOf(gaps, most) {
  /** @type {[number, number][]} */
  const found = [];
  gaps.forEach((of, how) => {
    let row = 0;
    for (const gap of of) found.push([(row += gap), how]);
  });
  if (found.some(([row]) => row >= most)) throw new TypeError(String(most));
  return found;
}
