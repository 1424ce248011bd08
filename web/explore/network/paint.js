// Draws what is seen of a scene. Stroke is certainty, shape is kind, size is the number of links.
import { STROKES } from "./scene.js";

/** Where more links are seen at once they have no dashes: nobody could tell these apart. */
const DASHED = 1500;
/** So many pieces are stroked at once: longer paths cost more than their parts. */
const AT_ONCE = 20;
const NAMED_WHILE_MOVING = 40;
const LONGEST = 26;

/**
 * Draws a scene; what is in focus, with its neighbours, stands out. Returns whether strokes tell how sure all links are.
 * @param {Painted} to
 * @param {import("./scene.js").Scene} scene
 * @param {import("./view.js").View} view
 * @param {Look} look
 */
export function paint(to, scene, view, look) {
  const near = look.focus
    ? new Set([look.focus, ...scene.linked[look.focus.index].map((at) => scene.things[at])])
    : null;
  to.clearRect(0, 0, view.window.width, view.window.height);
  const dashed = links(to, scene, view, look, near);
  things(to, scene, view, look, near);
  names(to, scene, view, look, near);
  return dashed;
}

/**
 * @param {Painted} to
 * @param {import("./scene.js").Scene} scene
 * @param {import("./view.js").View} view
 * @param {Look} look
 * @param {Set<Thing> | null} near
 */
function links(to, scene, view, { colours, focus }, near) {
  const seen = Object.entries(scene.strokes).map(([certainty, pairs]) => ({
    ...STROKES[certainty],
    pairs: pairs.filter((pair) => crosses(view, pair)),
  }));
  const dashed = seen.reduce((sum, { pairs }) => sum + pairs.length, 0) <= DASHED;
  to.strokeStyle = colours.link;
  for (const { dash, width, pairs } of seen) {
    to.setLineDash(dashed ? dash : []);
    to.lineWidth = width;
    to.globalAlpha = near ? 0.12 : 0.55;
    lines(to, view, near ? pairs.filter((pair) => !isOf(pair, focus)) : pairs);
    if (!near) continue;
    to.setLineDash(dash);
    to.lineWidth = width * 1.4;
    to.globalAlpha = 1;
    lines(
      to,
      view,
      pairs.filter((pair) => isOf(pair, focus)),
    );
  }
  to.setLineDash([]);
  to.globalAlpha = 1;
  return dashed;
}

/** @type {(pair: [Thing, Thing], thing: Thing | undefined) => boolean} */
const isOf = ([one, other], thing) => one === thing || other === thing;

/**
 * Tells whether a link may be in the window: not where both its ends are beyond the same edge.
 * @param {import("./view.js").View} view
 * @param {[Thing, Thing]} other
 */
function crosses(view, [one, other]) {
  const [ax, ay, bx, by] = [view.x(one.x), view.y(one.y), view.x(other.x), view.y(other.y)];
  const { width, height } = view.window;
  return !((ax < 0 && bx < 0) || (ay < 0 && by < 0) || (ax > width && bx > width) || (ay > height && by > height));
}

/**
 * @param {Painted} to
 * @param {import("./view.js").View} view
 * @param {[Thing, Thing][]} pairs
 */
function lines(to, view, pairs) {
  to.beginPath();
  pairs.forEach(([one, other], drawn) => {
    to.moveTo(view.x(one.x), view.y(one.y));
    to.lineTo(view.x(other.x), view.y(other.y));
    if ((drawn + 1) % AT_ONCE) return;
    to.stroke();
    to.beginPath();
  });
  to.stroke();
}

/**
 * @param {Painted} to
 * @param {import("./scene.js").Scene} scene
 * @param {import("./view.js").View} view
 * @param {Look} look
 * @param {Set<Thing> | null} near
 */
function things(to, scene, view, { colours, focus }, near) {
  to.lineWidth = 1.6;
  for (const thing of scene.things) {
    if (!view.holds(thing, -20)) continue;
    to.globalAlpha = !near || near.has(thing) ? 1 : 0.25;
    const here = thing === focus || thing.here;
    to.fillStyle = here ? colours.road : thing.shape ? colours.paper : colours.soft;
    to.strokeStyle = here ? colours.ink : thing.shape ? colours.link : colours.soft;
    to.beginPath();
    outline(to, thing.shape, view.x(thing.x), view.y(thing.y), view.radius(thing));
    to.fill();
    to.stroke();
  }
  to.globalAlpha = 1;
}

/**
 * Outlines the sign of a kind; a small disc is anything else.
 * @param {Painted} to
 * @param {string} shape
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
function outline(to, shape, x, y, r) {
  const sign = KIND_SIGNS[shape];
  if (sign === "circle") to.arc(x, y, r, 0, 2 * Math.PI);
  else if (sign === "rectangle") to.rect(x - r * 1.33, y - r * 0.75, r * 2.66, r * 1.5);
  else if (sign === "square") to.rect(x - r, y - r, 2 * r, 2 * r);
  else if (sign === "diamond") corners(to, [x, y - r - 1], [x + r + 1, y], [x, y + r + 1], [x - r - 1, y]);
  else if (sign === "triangle") corners(to, [x, y - r - 1], [x + r + 1, y + r - 1], [x - r - 1, y + r - 1]);
  else to.arc(x, y, r / 2 + 1, 0, 2 * Math.PI);
}

/**
 * @param {Painted} to
 * @param {[number, number]} first
 * @param {...[number, number]} others
 */
function corners(to, first, ...others) {
  to.moveTo(...first);
  for (const corner of others) to.lineTo(...corner);
  to.closePath();
}

/**
 * Writes the names that have room, those with most links first, whole within the window; what is in focus always has its own.
 * @param {Painted} to
 * @param {import("./scene.js").Scene} scene
 * @param {import("./view.js").View} view
 * @param {Look} look
 * @param {Set<Thing> | null} near
 */
function names(to, scene, view, { colours, font, focus, moving }, near) {
  to.font = `12px ${font}`;
  to.textAlign = "center";
  to.textBaseline = "top";
  to.lineJoin = "round";
  to.lineWidth = 4;
  to.strokeStyle = colours.paper;
  to.fillStyle = colours.ink;
  const room = new Room();
  const first = focus ? [focus, ...scene.byDegree.filter((it) => it !== focus && near?.has(it))] : scene.byDegree;
  let left = moving ? NAMED_WHILE_MOVING : Infinity;
  for (const thing of first) {
    if (left <= 0) break;
    if (!view.holds(thing, 0)) continue;
    const name = thing.name.length > LONGEST ? `${thing.name.slice(0, LONGEST - 1).trimEnd()}…` : thing.name;
    thing.wide ??= to.measureText(name).width;
    const half = thing.wide / 2 + to.lineWidth / 2;
    const x = Math.max(half, Math.min(view.x(thing.x), view.window.width - half));
    const y = view.y(thing.y) + view.radius(thing) + 2;
    if (!room.take(x - thing.wide / 2, y, thing.wide, 14) && thing !== focus) continue;
    to.strokeText(name, x, y);
    to.fillText(name, x, y);
    left -= 1;
  }
}

/** Which parts of the drawing have a name already. */
class Room {
  /** @type {Map<number, {x: number, y: number, wide: number, high: number}[]>} */
  taken = new Map();

  /**
   * Takes a box unless another has part of it; tells whether it did.
   * @param {number} x
   * @param {number} y
   * @param {number} wide
   * @param {number} high
   */
  take(x, y, wide, high) {
    const [first, last] = [Math.floor(y / 20), Math.floor((y + high) / 20)];
    for (let row = first; row <= last; row++)
      for (const box of this.taken.get(row) ?? [])
        if (x < box.x + box.wide && box.x < x + wide && y < box.y + box.high && box.y < y + high) return false;
    for (let row = first; row <= last; row++)
      this.taken.set(row, [...(this.taken.get(row) ?? []), { x, y, wide, high }]);
    return true;
  }
}
