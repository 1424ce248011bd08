// What things are called, asked of the server for many at once.

const AT_ONCE = 60;
/** Longer addresses are not asked about, and no more than so much at once: it is all one address. */
const LONGEST = 1000;
const MOST_LETTERS = 6000;

export class Names {
  known = new Map();
  asked = new Set();

  constructor(address) {
    this.address = address;
  }

  /** Returns what a thing is called, undefined where that is not known or not yet. */
  of(iri) {
    return this.known.get(iri);
  }

  /** Has the names of some things known; returns whether any came that was not. */
  async want(iris) {
    const wanted = [...new Set(iris)].filter((iri) => iri.length <= LONGEST && !this.asked.has(iri));
    for (const iri of wanted) this.asked.add(iri);
    const came = await Promise.all(batches(wanted).map((batch) => this.ask(batch)));
    return came.some(Boolean);
  }

  async ask(iris) {
    const address = new URL(this.address, window.location.href);
    for (const iri of iris) address.searchParams.append("iri", iri);
    try {
      const answer = await fetch(address);
      const { names } = await answer.json();
      for (const [iri, name] of Object.entries(names ?? {})) this.known.set(iri, name);
      return Boolean(names);
    } catch {
      for (const iri of iris) this.asked.delete(iri);
      return false;
    }
  }
}

function batches(iris) {
  const made = [];
  let letters = Infinity;
  for (const iri of iris) {
    const length = encodeURIComponent(iri).length + 5;
    if (letters + length > MOST_LETTERS || made.at(-1).length >= AT_ONCE) {
      made.push([]);
      letters = 0;
    }
    made.at(-1).push(iri);
    letters += length;
  }
  return made;
}
