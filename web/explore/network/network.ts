// A network in the page: its drawing moved and magnified, what is in focus and what is picked, by pointer and by keyboard.
import { copyOf, one, save } from "../../base/elements.ts";
import { said } from "../../base/words.ts";
import { alone, dots } from "../../query/workbench/charts/pictures.ts";
import { Card } from "./card.ts";
import { Names } from "./names.ts";

const STEP = 1.5;
const CLOSEST = 14;
const FURTHEST = 0.6;
/** The width of a telephone. */
const NARROW = 600;
/** Where less than this would be seen of what was made for one pixel, names have no room: a part is shown at first. */
const READABLE = 0.6;
/** How much of the drawing stays in the window, so that nobody loses it. */
const RIM = 80;
/** Pixels that a pressed pointer may stray and still press, and that it may be beside a thing. */
const STRAY = 4;
const WHEEL = 0.0022;
const SETTLED = 140;
/** From so many links on the picture of the drawing moves, and is drawn anew once it rests. */
const LARGE = 800;
const WAYS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** How far beside the way of an arrow a neighbour may lie: its cosine. */
const ASIDE = 0.35;

export class Network {
  /** Where the window begins in the drawing, and how many pixels a unit of the drawing is. */
  view = { left: 0, top: 0, scale: 1 };
  window = { width: 1, height: 1 };
  /** What the pointer is over. */
  hovered: Thing | undefined = undefined;
  /** What the keyboard or a press is at. */
  current: Thing | undefined = undefined;
  /** What was chosen. */
  picked: Thing | undefined = undefined;
  /** Whether the next thing that is chosen is the end of a way from the picked one. */
  seeking = false;
  settling: ReturnType<typeof setTimeout> | undefined;
  /** The view that is drawn: where the picture moves, it is not that which is seen. */
  drawn = this.view;
  /** What is lit, the thing in focus first. */
  lit: Thing[] = [];

  svg;
  data;
  marks;
  lines;
  linked;
  keyed;
  told;
  card;
  names;

  /** @param svg the drawing: a link for each thing and a line for each link, in the order of the data */
  constructor(place: HTMLElement, svg: SVGSVGElement, data: NetworkData) {
    this.svg = svg;
    this.data = data;
    this.marks = [...svg.querySelectorAll("a")];
    this.lines = [...svg.querySelectorAll(".line")];
    /** The links of each thing, by their numbers. */
    this.linked = data.things.map(() => [] as number[]);
    for (const [at, { one: first, other }] of data.links.entries())
      for (const end of [first, other]) this.linked[end].push(at);
    data.things.forEach((thing, index) => (thing.index = index));
    const parts = copyOf("network-parts");
    this.keyed = one(parts, "[data-keys]");
    this.told = one(parts, "[data-focus]");
    const does: Record<string, (button: HTMLElement) => void> = {
      closer: () => this.zoom(STEP),
      further: () => this.zoom(1 / STEP),
      whole: () => this.whole(),
      png: async ({ dataset: { name = "" } }) => save(await dots(this.file()), name),
    };
    for (const button of parts.querySelectorAll("[data-do]") as NodeListOf<HTMLElement>)
      button.addEventListener("click", () => does[button.dataset.do ?? ""](button));
    this.keyed.replaceChildren(svg);
    const card: HTMLElement | null = document.querySelector("[data-picked]");
    if (card) {
      one(parts, ".network-room").append(card);
      this.card = new Card(card, { closed: () => this.pick(undefined), wayFrom: () => this.seek() });
    }
    place.replaceChildren(parts);
    place.classList.add("is-live");
    // The keyboard reaches a thing by its neighbours, or by the table.
    for (const mark of this.marks) mark.tabIndex = -1;
    this.names = new Names(svg, data);
    this.way(data.way ?? []);
    this.picked = data.things[data.picked ?? -1];
    this.whole();
    this.resize();
    this.choose(this.picked, !data.way?.length);
    this.listen(does);
  }

  /** What is lit, with its neighbours. */
  get focus() {
    return this.hovered ?? this.current ?? (this.data.way?.length ? undefined : this.picked);
  }

  /** What a drawing begins with where there is no room for all of it. */
  get first() {
    const { things } = this.data;
    return this.picked ?? things.find(({ here }) => here) ?? [...things].sort((a, b) => b.degree - a.degree)[0];
  }

  listen(does: Record<string, (button: HTMLElement) => void>) {
    new ResizeObserver(() => this.resize()).observe(this.keyed);
    document.fonts.ready.then(() => this.settle(true));
    addEventListener("beforeprint", () => this.whole());
    this.gestures();
    const keys: Record<string, () => void> = {
      Enter: () => this.pick(this.current),
      " ": () => this.pick(this.current),
      Escape: () => this.pick(undefined),
      "+": () => does.closer(this.keyed),
      "-": () => does.further(this.keyed),
      0: () => does.whole(this.keyed),
    };
    this.keyed.addEventListener("keydown", (event) => {
      const way = WAYS[event.key];
      if (event.ctrlKey || event.metaKey || event.altKey || !(way || keys[event.key])) return;
      event.preventDefault();
      if (way) this.look(neighbour(this.data, this.current ?? this.picked, way) ?? this.current ?? this.first);
      else keys[event.key]();
    });
    const at = new Map(this.data.things.map((thing) => [thing.address, thing]));
    document.querySelector("[data-network-table]")?.addEventListener("focusin", ({ target }) => {
      const row = target instanceof Element ? target.closest("tr") : null;
      const thing = at.get(row?.querySelector("th a")?.getAttribute("href") ?? null);
      if (thing) this.look(thing);
    });
  }

  /**
   * The wheel magnifies with Ctrl or ⌘ alone, as a trackpad's pinch does: without, it scrolls the page. One finger
   * scrolls the page too; two move the drawing.
   */
  gestures() {
    const { svg, keyed } = this;
    const down: Map<number, { x: number; y: number }> = new Map();
    let strayed = 0;
    const at = ({ clientX, clientY }: MouseEvent) => {
      const { left, top } = keyed.getBoundingClientRect();
      return { x: clientX - left, y: clientY - top };
    };
    svg.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      if (!down.size) strayed = 0;
      down.set(event.pointerId, at(event));
      svg.setPointerCapture(event.pointerId);
    });
    svg.addEventListener("pointermove", (event) => {
      const [before, now] = [down.get(event.pointerId), at(event)];
      if (!before) return this.hover(this.at(now));
      const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
      const [dx, dy] = [now.x - before.x, now.y - before.y];
      strayed += Math.hypot(dx, dy);
      down.set(event.pointerId, now);
      if (other) {
        const far = (it: { x: number; y: number }) => Math.hypot(it.x - other.x, it.y - other.y) || 1;
        this.move(dx / 2, dy / 2);
        this.zoom(far(now) / far(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
      } else if (strayed > STRAY) this.move(dx, dy);
    });
    const up = (event: PointerEvent) => {
      const was = down.get(event.pointerId);
      down.delete(event.pointerId);
      if (was && !down.size && event.type === "pointerup" && strayed <= STRAY) this.pick(this.at(was));
    };
    svg.addEventListener("pointerup", up);
    svg.addEventListener("pointercancel", up);
    svg.addEventListener("pointerleave", () => this.hover(undefined));
    svg.addEventListener("dragstart", (event) => event.preventDefault());
    svg.addEventListener("click", (event) => event.preventDefault());
    svg.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        this.zoom(Math.exp(-event.deltaY * WHEEL), at(event));
      },
      { passive: false },
    );
  }

  /** How many pixels a unit is where everything is shown. */
  get fitting() {
    return Math.min(this.window.width / this.data.width, this.window.height / this.data.height);
  }

  /** Shows what can be read of it in the window: everything, or what is around a thing. */
  resize() {
    const { width, height } = this.keyed.getBoundingClientRect();
    if (!width || (width === this.window.width && height === this.window.height)) return;
    this.window = { width, height };
    const [around, isNarrow] = [this.first, this.fitting < READABLE && width <= NARROW];
    if (around && isNarrow) {
      const filled: (at: number, long: number, room: number) => number = (at, long, room) =>
        Math.max(0, Math.min(at - room / 2, long - room));
      const [room, high] = [width / READABLE, height / READABLE];
      const [left, top] = [filled(around.x, this.data.width, room), filled(around.y, this.data.height, high)];
      this.show({ left, top, scale: READABLE });
    } else this.whole();
    // Names that had room in the other window would lie over each other until the drawing rests.
    this.settle();
  }

  /** Shows everything, in the middle. */
  whole() {
    const [scale, { width, height }] = [this.fitting, this.window];
    const [left, top] = [(this.data.width - width / scale) / 2, (this.data.height - height / scale) / 2];
    this.show({ left, top, scale });
  }

  /** Magnifies so many times; the point of the window stays where it is. */
  zoom(times: number, { x, y }: { x: number; y: number } = { x: this.window.width / 2, y: this.window.height / 2 }) {
    const before = this.view;
    const scale = Math.min(Math.max(before.scale * times, this.fitting * FURTHEST), this.fitting * CLOSEST);
    const by = 1 / before.scale - 1 / scale;
    this.show({ left: before.left + x * by, top: before.top + y * by, scale });
  }

  move(dx: number, dy: number) {
    const { left, top, scale } = this.view;
    this.show({ left: left - dx / scale, top: top - dy / scale, scale });
  }

  /** Shows a part of the drawing: letters and strokes keep their size, signs grow less than distances do. */
  show({ left, top, scale }: { left: number; top: number; scale: number }) {
    const [width, height, rim] = [this.window.width / scale, this.window.height / scale, RIM / scale];
    const within: (at: number, long: number, room: number) => number = (at, long, room) =>
      Math.min(Math.max(at, rim - room), long - rim);
    this.view = { left: within(left, this.data.width, width), top: within(top, this.data.height, height), scale };
    if (this.data.links.length < LARGE) this.draw();
    else {
      const [x, y] = [(this.drawn.left - this.view.left) * scale, (this.drawn.top - this.view.top) * scale];
      this.svg.style.transform = `translate(${x}px, ${y}px) scale(${scale / this.drawn.scale})`;
    }
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), SETTLED);
  }

  /** Draws the part that is seen. */
  draw() {
    const { left, top, scale } = (this.drawn = this.view);
    const { style } = this.svg;
    this.svg.setAttribute("viewBox", [left, top, this.window.width / scale, this.window.height / scale].join(" "));
    style.transform = "";
    style.aspectRatio = `${this.data.width} / ${this.data.height}`;
    style.setProperty("--unit", String(1 / scale));
    style.setProperty("--sign", String(this.sign));
  }

  /** Returns the whole drawing at its own size as the text of an SVG file. */
  file() {
    const { view, window: size } = this;
    this.window = { width: this.data.width, height: this.data.height };
    this.hovered = this.current = undefined;
    this.whole();
    this.light();
    this.draw();
    // At its own size it needs no style of its own, which a copy may not have.
    this.svg.removeAttribute("style");
    const text = alone(this.svg);
    this.window = size;
    this.show(view);
    return text;
  }

  /** How much larger than in the drawing signs are. */
  get sign() {
    const { scale } = this.view;
    return Math.min(Math.max(scale ** 0.8, 0.3), 2.2) / scale;
  }

  /** Places the names anew once nothing moves any more; with other letters, they are measured first. */
  settle(anew = false) {
    clearTimeout(this.settling);
    this.draw();
    if (anew) this.names.measure();
    const [near, { way = [], things }] = [this.near(), this.data];
    this.names.place(this.view, this.window, this.sign, [...way.map((at) => things[at]), ...near], near.size > 0);
  }

  /** Returns the thing at a point of the window, the nearest of several; nothing where there is none. */
  at({ x, y }: { x: number; y: number }) {
    const { left, top, scale } = this.view;
    let found: Thing | undefined;
    let least = STRAY;
    for (const thing of this.data.things) {
      const far = Math.hypot(thing.x - left - x / scale, thing.y - top - y / scale) - thing.radius * this.sign;
      if (far * scale < least) [found, least] = [thing, far * scale];
    }
    return found;
  }

  /** Returns the thing in focus with its neighbours. */
  near() {
    const { focus, data } = this;
    const links = focus ? this.linked[focus.index].map((at) => data.links[at]) : [];
    const ends = links.flatMap(({ one: first, other }) => [first, other]);
    return new Set(focus ? [focus, ...ends.map((at) => data.things[at])] : []);
  }

  /** Lights what is in focus, and its links and neighbours. */
  light() {
    const [before, { focus, picked }] = [this.lit, this];
    this.lit = [...this.near()];
    this.svg.classList.toggle("has-focus", Boolean(focus));
    for (const at of before[0] ? this.linked[before[0].index] : []) this.lines[at].classList.remove("lit");
    for (const at of focus ? this.linked[focus.index] : []) this.lines[at].classList.add("lit");
    const here = this.data.things.filter((thing) => thing === focus || thing === picked || thing.here);
    for (const mark of this.svg.querySelectorAll("a.here")) mark.classList.remove("here");
    for (const { index } of here) this.marks[index].classList.add("here");
    for (const { index } of before) this.marks[index].classList.remove("lit");
    for (const { index } of this.lit) this.marks[index].classList.add("lit");
    this.settle();
  }

  /** @param way things by their numbers, one after another */
  way(way: number[]) {
    const steps = new Set(way.slice(1).map((to, at) => [way[at], to].sort().join(" ")));
    for (const [at, { one: first, other }] of this.data.links.entries())
      this.lines[at].classList.toggle("on-way", steps.has([first, other].sort().join(" ")));
    for (const at of way) this.marks[at].classList.add("on-way");
  }

  hover(thing: Thing | undefined) {
    if (thing === this.hovered) return;
    this.hovered = thing;
    this.svg.classList.toggle("is-over", Boolean(thing));
    this.light();
  }

  /** Waits for the other end of a way. */
  seek() {
    this.seeking = true;
    this.card?.awaits();
    this.keyed.focus();
  }

  /** Chooses a thing, which the address says from then on; with none, none is chosen. */
  pick(thing: Thing | undefined) {
    const before = this.picked;
    if (this.seeking && thing && before && thing !== before) {
      const to = addressOf(before);
      to.searchParams.set("to", thing.short ?? "");
      to.hash = "way";
      return location.assign(to);
    }
    this.seeking = false;
    if (this.card) history.replaceState(history.state, "", addressOf(thing));
    this.choose(thing);
    this.look(thing);
  }

  choose(thing: Thing | undefined, isShown = true) {
    this.picked = thing;
    const { left, scale } = this.view;
    const isRight = thing && (thing.x - left) * scale > this.window.width / 2;
    if (!thing) this.card?.hide();
    else if (isShown) {
      const links = this.linked[thing.index].map((at) => this.data.links[at]);
      this.card?.show(thing, this.data.things, links, isRight ? "start" : "end");
    }
    this.light();
  }

  /** Puts a thing in focus, moving it into sight; nothing where there is none. */
  look(thing: Thing | undefined) {
    this.current = thing;
    this.tell(thing);
    this.light();
    if (!thing) return;
    const [{ left, top, scale }, { width, height }] = [this.view, this.window];
    const [x, y] = [(thing.x - left) * scale, (thing.y - top) * scale];
    const isSeen = x > 24 && y > 24 && x < width - 24 && y < height - 24;
    if (!isSeen) this.move(width / 2 - x, height / 2 - y);
  }

  tell(thing: Thing | undefined) {
    this.told.hidden = !thing;
    if (!thing) return;
    const name: HTMLAnchorElement = one(this.told, "a");
    const about = one(this.told, "span");
    name.textContent = thing.name;
    name.href = thing.address ?? "#table";
    name.lang = thing.language || document.documentElement.lang;
    const count = said((thing.degree === 1 ? about.dataset.one : about.dataset.other) ?? "", { n: thing.degree });
    about.textContent = [thing.kind, count].filter(Boolean).join(", ");
  }
}

/** Returns the address of the page with a thing picked, or none. */
function addressOf(picked: Thing | undefined) {
  const address = new URL(location.href);
  for (const name of ["from", "to"]) address.searchParams.delete(name);
  address.hash = "";
  if (picked) address.searchParams.set("from", picked.short ?? "");
  return address;
}

/** Returns the neighbour of a thing that lies a way from it, the nearest to that way; nothing where none does. */
export function neighbour(
  { things, links }: Pick<NetworkData, "things" | "links">,
  thing: Thing | undefined,
  [wayX, wayY]: [number, number],
) {
  let found: Thing | undefined;
  let least = Infinity;
  for (const { one: first, other: second } of links) {
    if (first !== thing?.index && second !== thing?.index) continue;
    const other = things[first === thing.index ? second : first];
    const [dx, dy] = [other.x - thing.x, other.y - thing.y];
    const far = Math.hypot(dx, dy) || 1;
    const along = (dx * wayX + dy * wayY) / far;
    const cost = far / Math.max(along, ASIDE) ** 2;
    if (along >= ASIDE && cost < least) [found, least] = [other, cost];
  }
  return found;
}

/** Has the server's drawing moved; it stays as it is where the data cannot be had. */
async function begin(place: HTMLElement) {
  const answer = await fetch(place.dataset.network ?? "").catch(() => null);
  if (!answer?.ok) return;
  const data = await answer.json();
  // An edition has no server that finds the way.
  if (document.querySelector("[data-way-here]")) (await import("../../edition/network_way.ts")).begin(data);
  new Network(place, one(place, "svg"), data);
}

const place: HTMLElement | null = globalThis.document?.querySelector("[data-network]");
if (place) begin(place);
