// What is known of things, what they are called above all, asked of the server for many at once.

import { request } from "../../base/service.ts";

const AT_ONCE = 60;
/** Longer addresses are not asked about, and no more than so much at once: it is all one address. */
const LONGEST = 1000;
const MOST_LETTERS = 6000;

/** What the server told of things. */
export class Names<T = Name> {
  known = new Map<string, T>();
  /** what was asked for, and whether it is on its way */
  asked = new Map<string, Promise<boolean> | false>();

  address;
  key;

  /** @param key under which it tells what it knows */
  constructor(address: string, key = "names") {
    this.address = address;
    this.key = key;
  }

  /** Returns what is known of a thing, undefined where nothing is, or not yet. */
  of(iri: string) {
    return this.known.get(iri);
  }

  /** Has some things known; returns whether any came that were not. What is on its way is waited for. */
  async want(iris: string[]) {
    const wanted = [...new Set(iris)].filter((iri) => iri.length <= LONGEST && !this.known.has(iri));
    for (const batch of batches(wanted.filter((iri) => !this.asked.has(iri)))) {
      const asking = this.ask(batch);
      for (const iri of batch) this.asked.set(iri, asking);
    }
    const came = await Promise.all(new Set(wanted.map((iri) => this.asked.get(iri))));
    return came.some(Boolean);
  }

  async ask(iris: string[]) {
    const address = new URL(this.address, window.location.href);
    for (const iri of iris) address.searchParams.append("iri", iri);
    try {
      const answer = await request(address);
      const { [this.key]: told = {} } = await answer.json();
      for (const [iri, it] of Object.entries<T>(told)) this.known.set(iri, it);
      for (const iri of iris) this.asked.set(iri, false);
      return Object.keys(told).length > 0;
    } catch {
      for (const iri of iris) this.asked.delete(iri);
      return false;
    }
  }
}

function batches(iris: string[]) {
  const made: string[][] = [];
  let batch: string[] = [];
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
