// Draws what is seen of a scene. Stroke is certainty, colour and shape are kind, size is the number of links.
import { names } from "./names.js";
import { STROKES } from "./scene.js";

/** Where more links are seen at once they have no dashes: nobody could tell these apart. */
const DASHED = 1500;
/** So many pieces are stroked at once: longer paths cost more than their parts. */
const AT_ONCE = 20;
/** How far a ground reaches beyond the middle of its outermost things, as in the drawing of the server. */
const GROUND = 18;

/** @typedef {import("./scene.js").Pair} Pair */

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
  grounds(to, scene, view, look);
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
 */
function grounds(to, scene, view, { colours }) {
  to.fillStyle = to.strokeStyle = colours.ground;
  to.lineJoin = "round";
  to.lineWidth = 2 * GROUND * view.scale;
  for (const { ground } of scene.groups) {
    to.beginPath();
    corners(to, ...ground.map(([x, y]) => /** @type {[number, number]} */ ([view.x(x), view.y(y)])));
    to.fill();
    to.stroke();
  }
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
  /** @param {Pair} pair */
  const isLit = ({ ends: [one, other], onWay }) => onWay || (focus && (one === focus || other === focus));
  for (const { dash, width, cap = "butt", pairs } of seen) {
    to.lineCap = cap;
    to.strokeStyle = colours.soft;
    to.setLineDash(dashed ? dash : []);
    for (const crossing of [true, false]) {
      to.lineWidth = width * (crossing ? 0.75 : 1);
      to.globalAlpha = near ? 0.25 : !crossing ? 0.9 : dashed ? 0.68 : 0.35;
      lines(
        to,
        view,
        pairs.filter((pair) => pair.crossing === crossing && !isLit(pair)),
      );
    }
    to.strokeStyle = colours.ink;
    to.setLineDash(dash);
    to.lineWidth = width * 1.6;
    to.globalAlpha = 1;
    lines(to, view, pairs.filter(isLit));
  }
  to.lineCap = "butt";
  to.setLineDash([]);
  return dashed;
}

/**
 * Tells whether a link may be in the window: not where both its ends are beyond the same edge.
 * @param {import("./view.js").View} view
 * @param {Pair} pair
 */
function crosses(view, { ends: [one, other] }) {
  const [ax, ay, bx, by] = [view.x(one.x), view.y(one.y), view.x(other.x), view.y(other.y)];
  const { width, height } = view.window;
  return !((ax < 0 && bx < 0) || (ay < 0 && by < 0) || (ax > width && bx > width) || (ay > height && by > height));
}

/**
 * @param {Painted} to
 * @param {import("./view.js").View} view
 * @param {Pair[]} pairs
 */
function lines(to, view, pairs) {
  if (!pairs.length) return;
  to.beginPath();
  pairs.forEach(({ ends: [one, other] }, drawn) => {
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
function things(to, scene, view, { colours, focus, picked }, near) {
  for (const thing of scene.things) {
    if (!view.holds(thing, -20)) continue;
    to.globalAlpha = !near || near.has(thing) || scene.onWay.has(thing) ? 1 : 0.35;
    const marked = thing === focus || thing === picked || thing.here;
    to.fillStyle = marked ? colours.road : colours[thing.shape] || (thing.shape ? colours.link : colours.soft);
    to.strokeStyle = marked || scene.onWay.has(thing) ? colours.ink : colours.paper;
    to.lineWidth = marked || scene.onWay.has(thing) ? 2 : Math.min(1, view.scale * 1.5);
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
 * @param {...[number, number]} them
 */
function corners(to, ...them) {
  them.forEach(([x, y], at) => (at ? to.lineTo(x, y) : to.moveTo(x, y)));
  to.closePath();
}
