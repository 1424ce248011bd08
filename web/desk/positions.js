// Converts positions: the server counts code points, the browser UTF-16 units. No other module knows of the difference.

const ASTRAL = /[\ud800-\udbff][\udc00-\udfff]/g;

/** The positions of a text, in both counts. */
export class Positions {
  /** @type {number[]} Where each code point begins that has two units, in units. */
  #pairs;

  /** @param {string} text */
  constructor(text) {
    this.#pairs = [...text.matchAll(ASTRAL)].map((it) => it.index);
  }

  /**
   * Returns a position in units.
   * @param {number} points
   */
  units(points) {
    const pairs = this.#pairs;
    // The nth pair begins at unit p, which is code point p - n.
    const before = countWhile(pairs.length, (n) => pairs[n] - n < points);
    return points + before;
  }

  /**
   * Returns a position in code points.
   * @param {number} units
   */
  points(units) {
    const pairs = this.#pairs;
    return units - countWhile(pairs.length, (n) => pairs[n] < units);
  }

  /**
   * Returns what the server said, its positions in units.
   * @template T
   * @param {T} said
   * @returns {T}
   */
  received(said) {
    return this.#pairs.length ? converted(said, (it) => this.units(it)) : said;
  }

  /**
   * Returns what is told to the server, its positions in code points.
   * @template T
   * @param {T} told
   * @returns {T}
   */
  sent(told) {
    return this.#pairs.length ? converted(told, (it) => this.points(it)) : told;
  }
}

/** The names under which positions stand, alone or in spans. */
const ALONE = new Set(["start", "end"]);
const SPANS = new Set(["words", "places", "read"]);

/**
 * @template T
 * @param {T} value
 * @param {(position: number) => number} other
 * @returns {T}
 */
function converted(value, other) {
  if (Array.isArray(value)) return /** @type {T} */ (value.map((it) => converted(it, other)));
  if (!value || typeof value !== "object") return value;
  const pairs = Object.entries(value).map(([name, it]) => {
    if (ALONE.has(name) && typeof it === "number") return [name, other(it)];
    if (SPANS.has(name) && Array.isArray(it)) return [name, it.map((span) => spanIn(span, other))];
    return [name, converted(it, other)];
  });
  return /** @type {T} */ (Object.fromEntries(pairs));
}

/**
 * @param {unknown} span
 * @param {(position: number) => number} other
 */
function spanIn(span, other) {
  return Array.isArray(span) ? [other(span[0]), other(span[1]), ...span.slice(2)] : span;
}

/**
 * Returns of how many of the first n numbers something holds that holds of none after one of which it does not.
 * @param {number} n
 * @param {(n: number) => boolean} holds
 */
function countWhile(n, holds) {
  let low = 0;
  for (let high = n; low < high;) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
