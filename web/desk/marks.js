// What each stretch of the text is marked with: how it has been read, what it names, what is proposed of it.

const STRENGTH = /** @type {Certainty[]} */ (["explicit", "inferred", "tentative"]);

/**
 * @typedef {{start: number, end: number, how: Certainty | "", kind: string, waits: boolean}} Stretch
 * A stretch of the text that is marked throughout in one way.
 */

/**
 * Returns the stretches of a text that are marked, in its order.
 * @param {DeskState} state
 * @returns {Stretch[]}
 */
export function stretches(state) {
  /** @type {{at: number, by: 1 | -1, mark: string}[]} */
  const changes = [];
  /** @type {(start: number, end: number, mark: string) => void} */
  const add = (start, end, mark) => changes.push({ at: start, by: 1, mark }, { at: end, by: -1, mark });
  for (const [start, end, how] of state.read) add(start, end, how);
  for (const { kind, places } of state.things) for (const [start, end] of places) add(start, end, `kind ${kind}`);
  for (const it of state.proposals) if (it.status === "waiting") add(it.start, it.end, "waits");
  changes.sort((one, other) => one.at - other.at);

  const found = [];
  /** @type {Map<string, number>} */
  const on = new Map();
  let from = 0;
  for (const { at, by, mark } of changes) {
    if (at > from) {
      const stretch = marked(from, at, on);
      if (stretch) found.push(stretch);
      from = at;
    }
    on.set(mark, (on.get(mark) ?? 0) + by);
    if (!on.get(mark)) on.delete(mark);
  }
  return found;
}

/**
 * @param {number} start
 * @param {number} end
 * @param {Map<string, number>} on
 * @returns {Stretch | null}
 */
function marked(start, end, on) {
  if (!on.size) return null;
  const how = STRENGTH.find((it) => on.has(it)) ?? "";
  const kinds = [...on.keys()].filter((it) => it.startsWith("kind "));
  return { start, end, how, kind: kinds[0]?.slice(5) ?? "", waits: on.has("waits") };
}
