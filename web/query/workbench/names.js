// What is known of things, what they are called above all, asked of the server for many at once.

import { request } from "../../base/service.js";

const AT_ONCE = 60;
/** Longer addresses are not asked about, and no more than so much at once: it is all one address. */
const LONGEST = 1000;
const MOST_LETTERS = 6000;

/**
 * What the server told of things.
 * @template [T=Name]
 */
export class Names {
  /** @type {Map<string, T>} */
  known = new Map();
  /** @type {Map<string, Promise<boolean> | false>} what was asked for, and whether it is on its way */
  asked = new Map();

  /** @param {string} address @param {string} key under which it tells what it knows */
  constructor(address, key = "names") {
    this.address = address;
    this.key = key;
  }

  /**
   * Returns what is known of a thing, undefined where nothing is, or not yet.
   * @param {string} iri
   */
  of(iri) {
    return this.known.get(iri);
  }

  /**
   * Has some things known; returns whether any came that were not. What is on its way is waited for.
   * @param {string[]} iris
   */
  async want(iris) {
    const wanted = [...new Set(iris)].filter((iri) => iri.length <= LONGEST && !this.known.has(iri));
    for (const batch of batches(wanted.filter((iri) => !this.asked.has(iri)))) {
      const asking = this.ask(batch);
      for (const iri of batch) this.asked.set(iri, asking);
    }
    const came = await Promise.all(new Set(wanted.map((iri) => this.asked.get(iri))));
    return came.some(Boolean);
  }

  /** @param {string[]} iris */
  async ask(iris) {
    const address = new URL(this.address, window.location.href);
    for (const iri of iris) address.searchParams.append("iri", iri);
    try {
      const answer = await request(address);
      const { [this.key]: told = {} } = await answer.json();
      for (const [iri, it] of Object.entries(told)) this.known.set(iri, it);
      for (const iri of iris) this.asked.set(iri, false);
      return Object.keys(told).length > 0;
    } catch {
      for (const iri of iris) this.asked.delete(iri);
      return false;
    }
  }
}

/** @param {string[]} iris */
function batches(iris) {
  /** @type {string[][]} */
  const made = [];
  /** @type {string[]} */
  let batch = [];
  let letters = Infinity;
  for (const iri of iris) {
    const length = encodeURIComponent(iri).length + 5;
    if (letters + length > MOST_LETTERS || batch.length >= AT_ONCE) {
      made.push((batch = []));
      letters = 0;
    }
    batch.push(iri);
    letters += length;
  }
  return made;
}
