// Rows as links between things: where each stands is found here, and drawn as the server draws its network.
import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from "d3-force";

import { nodeOf } from "./drawn.ts";

type Node = Thing & { term: Term };

const ROUNDS = 150;
const MARGIN = 60;

/** Returns the data of a network: things at their places, always the same for the same links. */
export function networkOf(
  { items }: { items: { one: Term; other: Term }[] },
  { label, nameOf }: Pick<ChartLook, "label" | "nameOf">,
) {
  const things = new Map<string, Node>();
  const thing = (term: Term) => {
    const key = nodeOf(term);
    const before = things.get(key);
    if (before) return before;
    const { address = null, shape = "", language = term["xml:lang"] ?? "" } = nameOf(term) ?? ({} as Partial<Name>);
    const place = { x: 0, y: 0, radius: 0, index: things.size };
    const made = { ...place, term, name: label(term), address, shape, language, kind: "", degree: 0 };
    things.set(key, made);
    return made;
  };
  const links: [Node, Node][] = items
    .map(({ one, other }) => [thing(one), thing(other)] as [Node, Node])
    .filter(([one, other]) => one !== other);
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
    links: links.map(([one, other]) => ({ one: one.index, other: other.index, certainty: "" })),
  };
}

function place(things: Node[], links: [Node, Node][], width: number, height: number) {
  // Where each begins is left to the simulation: those that begin in one place stay there.
  const nodes: SimulationNodeDatum[] = things.map(() => ({}));
  const ties = links.map(([one, other]) => ({ source: one.index, target: other.index }));
  const simulation = forceSimulation(nodes)
    .force("links", forceLink(ties).distance(1))
    .force("apart", forceManyBody().strength(-1.2))
    .force("room", forceCollide(0.5))
    .force("x", forceX().strength(0.08))
    .force("y", forceY().strength(0.08))
    .stop();
  simulation.tick(ROUNDS);
  const most = Math.max(1, ...things.map(({ degree }) => degree));
  const [xs, ys] = [nodes.map(({ x = 0 }) => x), nodes.map(({ y = 0 }) => y)];
  const within = (them: number[], room: number) => {
    const [least, greatest] = [Math.min(...them), Math.max(...them)];
    return (at: number) =>
      Math.round(greatest > least ? MARGIN + ((at - least) / (greatest - least)) * (room - 2 * MARGIN) : room / 2);
  };
  const [x, y] = [within(xs, width), within(ys, height)];
  for (const [at, thing] of things.entries())
    Object.assign(thing, { x: x(xs[at]), y: y(ys[at]), radius: 4 + 9 * Math.sqrt(thing.degree / most) });
}

const SVG = "http://www.w3.org/2000/svg";

function element(name: string, attributes: Record<string, string | number>) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** Draws a line for each link and a sign for each thing. */
export function drawNetwork(svg: SVGSVGElement, { width, height, things, links }: NetworkData) {
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  for (const { one, other } of links) {
    const [from, to] = [things[one], things[other]];
    svg.append(element("path", { class: "line line-explicit", d: `M${from.x} ${from.y}L${to.x} ${to.y}` }));
  }
  for (const { name, shape, address, x, y, radius } of things) {
    const thing = element("a", { class: `kind-${shape || "other"}`, ...(address ? { href: address } : {}) });
    const title = element("title", {});
    title.textContent = name;
    thing.append(title, sign(shape, x, y, radius));
    svg.append(thing);
  }
}

/** Returns the sign of a kind; a small disc is anything else. */
function sign(shape: string, x: number, y: number, r: number) {
  const kind = KIND_SIGNS[shape];
  const box = (half: number, high: number) =>
    element("rect", { class: "mark", x: x - half, y: y - high, width: 2 * half, height: 2 * high });
  const path = (rest: string) => element("path", { class: "mark", d: `M${x} ${y - r - 1}${rest}z` });
  const side = r + 1;
  if (kind === "circle") return element("circle", { class: "mark", cx: x, cy: y, r });
  if (kind === "rectangle") return box(r * 1.33, r * 0.75);
  if (kind === "square") return box(r, r);
  if (kind === "diamond") return path(`l${side} ${side}l-${side} ${side}l-${side}-${side}`);
  if (kind === "triangle") return path(`l${side} ${2 * r}h-${2 * side}`);
  return element("circle", { class: "mark mark-other", cx: x, cy: y, r: r / 2 + 1 });
}
