// Rows as links between things: where each stands is found here, the drawing is the site's own.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";

import { nodeOf } from "./drawn.js";

const ROUNDS = 150;
const MARGIN = 60;

/**
 * Returns the data of a network: things at their places, always the same for the same links.
 * @param {{items: {one: object, other: object}[]}} drawn
 * @param {{label: (term: object) => string, nameOf: (term: object) => object | undefined}} look
 */
export function networkOf({ items }, { label, nameOf }) {
  const things = new Map();
  const thing = (term) => {
    const key = nodeOf(term);
    if (!things.has(key)) {
      const name = nameOf(term);
      const { address = null, shape = "", language = term["xml:lang"] ?? "" } = name ?? {};
      things.set(key, { term, name: label(term), address, shape, language, kind: "", degree: 0, number: things.size });
    }
    return things.get(key);
  };
  const links = items.map(({ one, other }) => [thing(one), thing(other)]).filter(([one, other]) => one !== other);
  for (const ends of links) for (const end of ends) end.degree += 1;
  const all = [...things.values()];
  const width = Math.min(2160, Math.max(560, Math.round(100 * Math.sqrt(all.length))));
  const height = Math.round(0.7 * width);
  place(all, links, width, height);
  return {
    width,
    height,
    things: all,
    told: [...all].sort((a, b) => b.degree - a.degree).map(({ term, degree }) => [term, degree]),
    links: links.map(([one, other]) => ({ one: one.number, other: other.number, certainty: "" })),
  };
}

function place(things, links, width, height) {
  const nodes = things.map(() => ({}));
  const ties = links.map(([one, other]) => ({ source: one.number, target: other.number }));
  const simulation = forceSimulation(nodes)
    .force("links", forceLink(ties).distance(1))
    .force("apart", forceManyBody().strength(-1.2))
    .force("room", forceCollide(0.5))
    .force("x", forceX().strength(0.08))
    .force("y", forceY().strength(0.08))
    .stop();
  simulation.tick(ROUNDS);
  const most = Math.max(1, ...things.map(({ degree }) => degree));
  const [xs, ys] = ["x", "y"].map((axis) => nodes.map((node) => node[axis]));
  const within = (them, room) => {
    const [least, greatest] = [Math.min(...them), Math.max(...them)];
    return (at) =>
      Math.round(greatest > least ? MARGIN + ((at - least) / (greatest - least)) * (room - 2 * MARGIN) : room / 2);
  };
  const [x, y] = [within(xs, width), within(ys, height)];
  for (const [at, thing] of things.entries())
    Object.assign(thing, { x: x(xs[at]), y: y(ys[at]), radius: 4 + 9 * Math.sqrt(thing.degree / most) });
}
