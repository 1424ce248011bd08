// The keyboard in a drawing: arrows go from a thing to the neighbour that lies that way.

/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** How far beside the way of an arrow a neighbour may lie: its cosine. */
const ASIDE = 0.35;

/**
 * Listens to the keys of an element.
 * @param {HTMLElement} on
 * @param {{go(way: [number, number]): void, pick(): void, leave(): void, closer(): void, further(): void, whole(): void}} does
 */
export function keys(on, does) {
  on.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = WAYS[event.key];
    const acts = {
      Enter: does.pick,
      " ": does.pick,
      Escape: does.leave,
      "+": does.closer,
      "-": does.further,
      0: does.whole,
    };
    const act = way ? () => does.go(way) : acts[/** @type {keyof typeof acts} */ (event.key)];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/**
 * Returns the neighbour of a thing that lies a way from it, the nearest to that way; nothing where none does.
 * @param {import("./scene.js").Scene} scene
 * @param {Thing} thing
 * @param {[number, number]} way
 */
export function neighbour(scene, thing, [wayX, wayY]) {
  /** @type {Thing | undefined} */
  let found;
  let least = Infinity;
  for (const at of scene.linked[thing.index]) {
    const other = scene.things[at];
    const [dx, dy] = [other.x - thing.x, other.y - thing.y];
    const far = Math.hypot(dx, dy) || 1;
    const along = (dx * wayX + dy * wayY) / far;
    const cost = far / Math.max(along, ASIDE) ** 2;
    if (along >= ASIDE && cost < least) [found, least] = [other, cost];
  }
  return found;
}
