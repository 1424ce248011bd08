// What is drawn: things at the places that the server found for them, and the links among them.

/** @typedef {ReturnType<typeof scene>} Scene */

/** How sure a link may be, the surest first, and the stroke that says so. */
/** @type {Record<string, {dash: number[], width: number, cap?: CanvasLineCap}>} */
export const STROKES = {
  explicit: { dash: [], width: 1 },
  inferred: { dash: [7, 4], width: 1 },
  tentative: { dash: [0.1, 4, 0.1, 9], width: 2, cap: "round" },
};

/** @typedef {{ends: [Thing, Thing], onWay: boolean, crossing: boolean}} Pair */

/**
 * Returns the scene of a network's data: links by how sure they are, each thing's links and neighbours.
 * @param {NetworkData} data
 */
export function scene({ width, height, things, links, groups = [], way = [] }) {
  const linked = things.map(() => /** @type {number[]} */ ([]));
  const linksOf = things.map(() => /** @type {NetworkLink[]} */ ([]));
  const steps = new Set(way.slice(1).map((to, at) => key(way[at], to)));
  /** @type {Record<string, Pair[]>} */
  const strokes = Object.fromEntries(Object.keys(STROKES).map((name) => [name, []]));
  for (const link of links) {
    const { one, other, certainty } = link;
    linked[one].push(other);
    linked[other].push(one);
    linksOf[one].push(link);
    linksOf[other].push(link);
    const pair = {
      ends: /** @type {[Thing, Thing]} */ ([things[one], things[other]]),
      onWay: steps.has(key(one, other)),
      crossing: things[one].group !== things[other].group,
    };
    strokes[certainty || "explicit"].push(pair);
  }
  const byDegree = [...things].sort((a, b) => b.degree - a.degree);
  const onWay = new Set(way.map((at) => things[at]));
  return { width, height, things, strokes, linked, linksOf, byDegree, groups, onWay };
}

/**
 * @param {number} one
 * @param {number} other
 */
const key = (one, other) => (one < other ? `${one} ${other}` : `${other} ${one}`);
