// What is drawn: things at the places that the server found for them, and the links among them.

/** @typedef {ReturnType<typeof scene>} Scene */

/** How sure a link may be, the surest first, and the stroke that says so. */
/** @type {Record<string, {dash: number[], width: number}>} */
export const STROKES = {
  explicit: { dash: [], width: 1 },
  inferred: { dash: [7, 4], width: 1 },
  derived: { dash: [1, 3.5], width: 1.8 },
  tentative: { dash: [5, 10], width: 1 },
};

/**
 * Returns the scene of a network's data: links by how sure they are, and each thing's neighbours.
 * @param {NetworkData} data
 */
export function scene({ width, height, things, links }) {
  const linked = things.map(() => /** @type {number[]} */ ([]));
  /** @type {Record<string, [Thing, Thing][]>} */
  const strokes = Object.fromEntries(Object.keys(STROKES).map((name) => [name, []]));
  for (const { one, other, certainty } of links) {
    linked[one].push(other);
    linked[other].push(one);
    strokes[certainty || "explicit"].push([things[one], things[other]]);
  }
  const byDegree = [...things].sort((a, b) => b.degree - a.degree);
  return { width, height, things, strokes, linked, byDegree };
}
