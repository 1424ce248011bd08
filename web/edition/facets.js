// Which rows of a list have the values that are chosen, and how many would have each other value: by an index that was
// prepared when the edition was published.

/** @typedef {{key: string, text: string, lang?: string, how?: string, rows: number[]}} IndexedValue rows by how far each is from the one before */
/** @typedef {{name: string, text: string, lang?: string, values: IndexedValue[]}} IndexedFacet */
/** @typedef {{id: string, rows: number, page: number, first: number, open: number, most: number, columns: string[], pages: string[], facets: IndexedFacet[]}} ListIndex */
/** The keys of the values that are chosen, by the name of their facet. @typedef {Map<string, string[]>} Choices */
/** @typedef {{value: IndexedValue, things: number, isChosen: boolean}} Option */
/** @typedef {{facet: IndexedFacet, first: Option[], rest: Option[], hidden: number, isChosen: boolean, isFolded: boolean}} ShownFacet */

export class Facets {
  /** @type {Map<IndexedValue, Uint32Array>} */
  #rows = new Map();

  /** @param {ListIndex} index raises TypeError where it is none */
  constructor(index) {
    this.index = index;
    for (const { values } of index.facets) for (const value of values) this.#rows.set(value, rowsOf(value, index.rows));
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
    const mask = this.#mask(chosen, "");
    return [...mask.keys()].filter((row) => mask[row]);
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
   * Returns how many of the chosen rows are of the list how surely, by the names of certainties.
   * @param {Choices} chosen
   */
  certainties(chosen) {
    const values = this.index.facets.flatMap((facet) => facet.values).filter((value) => value.how);
    const mask = this.#mask(chosen, "");
    return new Map(values.map((value) => [value.how, this.#count(value, mask)]));
  }

  /**
   * Returns the number of rows with each value of a facet under the choices of the others.
   * @param {IndexedFacet} facet
   * @param {Choices} chosen
   * @returns {Option[]}
   */
  options(facet, chosen) {
    const mask = this.#mask(chosen, facet.name);
    const keys = chosen.get(facet.name) ?? [];
    return facet.values
      .map((value) => ({ value, things: this.#count(value, mask), isChosen: keys.includes(value.key) }))
      .filter((it) => it.things || it.isChosen)
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
   * Returns for each row whether it has what is chosen, the choices of one facet aside.
   * @param {Choices} chosen
   * @param {string} aside
   */
  #mask(chosen, aside) {
    const mask = new Uint8Array(this.index.rows).fill(1);
    for (const { name, values } of this.index.facets) {
      const keys = name === aside ? undefined : chosen.get(name);
      if (!keys) continue;
      const having = new Uint8Array(this.index.rows);
      for (const value of values) if (keys.includes(value.key)) for (const row of this.#of(value)) having[row] = 1;
      for (const row of mask.keys()) mask[row] &= having[row];
    }
    return mask;
  }

  /**
   * @param {IndexedValue} value
   * @param {Uint8Array} mask
   */
  #count(value, mask) {
    let things = 0;
    for (const row of this.#of(value)) things += mask[row];
    return things;
  }

  /** @param {IndexedValue} value */
  #of(value) {
    return this.#rows.get(value) ?? new Uint32Array();
  }
}

/** @param {ShownFacet} facet */
const narrows = ({ first, isChosen }) => first.length > 1 || isChosen;

/**
 * @param {IndexedValue} value
 * @param {number} most
 */
function rowsOf({ key, rows }, most) {
  const found = new Uint32Array(rows.length);
  let row = 0;
  rows.forEach((gap, place) => (found[place] = row += gap));
  if (row >= most && rows.length) throw new TypeError(key);
  return found;
}
