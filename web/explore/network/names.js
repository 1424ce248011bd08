// The names in a drawing: those of groups, then those of things by what they are linked to, none over another.
import { Room } from "./room.js";

const LETTERS = 12;
const LINE = 15;
const LONGEST = 26;
const GAP = 3;
/** Where less than this is seen of what was made for one pixel. */
const FAR = 0.5;
const NAMED_WHILE_MOVING = 40;
const GROUP_LETTERS = 15;
/** How many pixels the name of a group may be wider than its ground. */
const BEYOND = 60;
/** A name that would be cut to less says nothing. */
const SHORTEST = 40;

/**
 * Writes the names that have room, whole within the window; what is in focus always has its own.
 * @param {Painted} to
 * @param {import("./scene.js").Scene} scene
 * @param {import("./view.js").View} view
 * @param {Look} look
 * @param {Set<Thing> | null} near
 */
export function names(to, scene, view, look, near) {
  const { focus, moving } = look;
  to.textAlign = "center";
  to.textBaseline = "top";
  to.lineJoin = "round";
  to.lineWidth = 3;
  to.strokeStyle = look.colours.paper;
  const room = new Room();
  // From far away the name of a group says more than the signs that it is over.
  const far = view.scale < FAR;
  if (!far) signs(scene, view, room);
  to.globalAlpha = near ? 0.4 : 1;
  groupNames(to, scene, view, look, room);
  to.globalAlpha = 1;
  if (far) signs(scene, view, room);
  to.font = `${LETTERS}px ${look.font}`;
  to.fillStyle = look.colours.ink;
  const first = focus ? [focus, ...scene.byDegree.filter((it) => it !== focus && near?.has(it))] : scene.byDegree;
  let left = moving ? NAMED_WHILE_MOVING : Infinity;
  for (const thing of new Set([...scene.onWay, ...first])) {
    if (left <= 0) break;
    if (!view.holds(thing, 0)) continue;
    const name = shortened(thing.name);
    thing.wide ??= to.measureText(name).width;
    const place = beside(view, room, thing, thing.wide, thing === focus);
    if (!place) continue;
    to.strokeText(name, place.x, place.y);
    to.fillText(name, place.x, place.y);
    left -= 1;
  }
}

/**
 * Takes the room of the signs that can be seen.
 * @param {import("./scene.js").Scene} scene
 * @param {import("./view.js").View} view
 * @param {Room} room
 */
function signs(scene, view, room) {
  for (const thing of scene.things) {
    const r = view.radius(thing);
    if (view.holds(thing, -r)) room.take({ x: view.x(thing.x) - r, y: view.y(thing.y) - r, wide: 2 * r, high: 2 * r });
  }
}

/** @param {string} name */
const shortened = (name) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1).trimEnd()}…` : name);

/**
 * Returns where a name stands, which takes that room: below its sign, else to the right, to the left or above.
 * @param {import("./view.js").View} view
 * @param {Room} room
 * @param {Thing} thing
 * @param {number} wide
 * @param {boolean} always
 */
function beside(view, room, thing, wide, always) {
  const [x, y, r] = [view.x(thing.x), view.y(thing.y), view.radius(thing)];
  const aside = (r * 4) / 3 + GAP + wide / 2;
  const places = [
    { x, y: y + r + GAP },
    { x: x + aside, y: y - LINE / 2 },
    { x: x - aside, y: y - LINE / 2 },
    { x, y: y - r - GAP - LINE },
  ].map((place) => ({ ...place, x: within(place.x, wide / 2 + 2, view.window.width) }));
  const inside = places.filter((place) => place.y >= 0 && place.y + LINE <= view.window.height);
  const free = inside.find((place) => room.has({ x: place.x - wide / 2, y: place.y, wide, high: LINE }));
  const place = free ?? (always ? (inside[0] ?? places[0]) : undefined);
  if (place) room.take({ x: place.x - wide / 2, y: place.y, wide, high: LINE });
  return place;
}

/**
 * @param {number} at
 * @param {number} half
 * @param {number} room
 */
const within = (at, half, room) => Math.max(half, Math.min(at, room - half));

/**
 * @param {Painted} to
 * @param {import("./scene.js").Scene} scene
 * @param {import("./view.js").View} view
 * @param {Look} look
 * @param {Room} room
 */
function groupNames(to, scene, view, { colours, serif }, room) {
  to.font = `italic 600 ${GROUP_LETTERS}px ${serif}`;
  to.fillStyle = colours.soft;
  for (const group of scene.groups) {
    const sides = group.ground.map(([x]) => x);
    const most = (Math.max(...sides) - Math.min(...sides)) * view.scale + BEYOND;
    const text = fitting(to, group.name, most);
    if (!text) continue;
    const wide = to.measureText(text).width;
    const [x, y] = [view.x(group.x), Math.max(2, view.y(group.y) - GROUP_LETTERS)];
    const box = { x: within(x, wide / 2 + 2, view.window.width) - wide / 2, y, wide, high: GROUP_LETTERS + 4 };
    if (!view.holds(group, -GROUP_LETTERS) || !room.has(box)) continue;
    room.take(box);
    to.strokeText(text, box.x + wide / 2, y);
    to.fillText(text, box.x + wide / 2, y);
  }
}

/**
 * Returns a name, cut to so many pixels; nothing where too little would be left.
 * @param {Painted} to
 * @param {string} name
 * @param {number} most
 */
function fitting(to, name, most) {
  const wide = to.measureText(name).width;
  if (wide <= most) return name;
  if (most < SHORTEST) return "";
  const kept = Math.floor((name.length * most) / wide) - 2;
  return kept > 3 ? `${name.slice(0, kept).trimEnd()}…` : "";
}
