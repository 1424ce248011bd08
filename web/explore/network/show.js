// The canvas in the page: buttons, gestures, keys, what is in focus and what is picked, the table that goes with it.
import { copyOf, one } from "../../base/parts.js";
import { said } from "../../base/words.js";
import { Card } from "./card.js";
import { gestures } from "./gestures.js";
import { keys, neighbour } from "./keys.js";
import { paint } from "./paint.js";
import { png } from "./png.js";
import { scene as sceneOf } from "./scene.js";
import { Still } from "./still.js";
import { View } from "./view.js";

/** From so many links on, a picture of the drawing moves in its place. */
const LARGE = 800;
const STEP = 1.5;
const SETTLED = 140;
const GLIDE = 220;

/**
 * Puts a canvas in the place of the server's drawing, which stays where the data cannot be had.
 * @param {HTMLElement} place
 */
export async function show(place) {
  const answer = await fetch(place.dataset.network ?? "").catch(() => null);
  if (!answer?.ok) return;
  const data = await answer.json();
  // An edition has no server that finds the way.
  if (document.querySelector("[data-way-here]")) (await import("../../edition/network_way.js")).begin(data);
  performance.mark("network-data");
  new Network(place, data);
  requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("network-drawn")));
}

export class Network {
  /** What the pointer is over. @type {Thing | undefined} */
  hovered = undefined;
  /** What the keyboard or a press is at. @type {Thing | undefined} */
  current = undefined;
  /** What was chosen. @type {Thing | undefined} */
  picked = undefined;
  /** Whether the next thing that is chosen is the end of a way from the picked one. */
  seeking = false;
  moving = false;
  /** @type {number | undefined} */
  frame;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  settling;
  /** @type {Record<string, string>} */
  colours = {};
  font = "";
  serif = "";

  /**
   * @param {HTMLElement} place
   * @param {NetworkData} data
   */
  constructor(place, data) {
    this.place = place;
    data.things.forEach((thing, index) => (thing.index = index));
    this.scene = sceneOf(data);
    const parts = copyOf("network-parts");
    /** @type {HTMLCanvasElement} */
    this.canvas = one(parts, "canvas");
    this.keyed = one(parts, "[data-keys]");
    this.told = one(parts, "[data-focus]");
    this.undashed = one(parts, "[data-undashed]");
    this.to = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.still = data.links.length >= LARGE ? new Still() : undefined;
    /** @type {Record<string, (button: HTMLElement) => void>} */
    const does = {
      closer: () => this.closer(),
      further: () => this.further(),
      whole: () => this.whole(),
      png: (button) => this.png(button),
    };
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (parts.querySelectorAll("[data-do]")))
      button.addEventListener("click", () => does[button.dataset.do ?? ""]?.(button));
    this.canvas.style.aspectRatio = `${data.width} / ${data.height}`;
    /** @type {HTMLElement | null} */
    const card = document.querySelector("[data-picked]");
    if (card) one(parts, ".canvas-room").append(card);
    const fromServer = place.querySelector(".server-drawing");
    place.replaceChildren(...(fromServer ? [fromServer] : []), parts);
    place.classList.add("is-live");
    if (card) this.card = new Card(card, { closed: () => this.pick(undefined), wayFrom: () => this.seek() });
    this.picked = data.things[data.picked ?? -1];
    this.view = new View(this.scene, { width: 1, height: 1 });
    this.view.resize(this.size(), this.first);
    if (this.picked && !data.way?.length) this.card?.show(this.picked, this.scene, this.side(this.picked));
    this.dress();
    this.draw();
    this.listen();
  }

  /** What is lit, with its neighbours. */
  get focus() {
    return this.hovered ?? this.current ?? (this.scene.onWay.size ? undefined : this.picked);
  }

  /** What a drawing begins with where there is no room for all of it. */
  get first() {
    return this.picked ?? this.scene.things.find(({ here }) => here) ?? this.scene.byDegree[0];
  }

  listen() {
    new ResizeObserver(() => this.resize()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.dress();
      this.draw();
    });
    gestures(this.canvas, {
      moved: (dx, dy) => this.change(() => this.view.move(dx, dy)),
      zoomed: (times, x, y) => this.change(() => this.view.zoom(times, x, y)),
      ended: () => this.settle(),
      pressed: (x, y) => this.pick(this.view.at(x, y)),
      over: (x, y) => this.hover(this.view.at(x, y)),
    });
    this.canvas.addEventListener("pointerleave", () => this.hover(undefined));
    keys(this.keyed, {
      go: (way) => this.go(way),
      pick: () => this.pick(this.current),
      leave: () => this.pick(undefined),
      closer: () => this.closer(),
      further: () => this.further(),
      whole: () => this.whole(),
    });
    const at = new Map(this.scene.things.map((thing) => [thing.address, thing]));
    /** @param {Event} it */
    const row = ({ target }) =>
      target instanceof Element && at.get(target.closest("tr")?.querySelector("th a")?.getAttribute("href") ?? null);
    const table = document.querySelector("[data-network-table]");
    table?.addEventListener("focusin", (event) => {
      const thing = row(event);
      if (thing) this.look(thing);
    });
    if (document.fonts.status === "loaded") return;
    document.fonts.ready.then(() => {
      for (const thing of this.scene.things) delete thing.wide;
      this.draw();
    });
  }

  size() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const dots = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * dots);
    this.canvas.height = Math.round(height * dots);
    this.to.setTransform(dots, 0, 0, dots, 0, 0);
    return { width, height };
  }

  resize() {
    const { width, height } = this.view.window;
    if (this.canvas.clientWidth === width && this.canvas.clientHeight === height) return;
    this.view.resize(this.size(), this.first);
    this.draw();
  }

  /** Takes the colours and letters of the page. */
  dress() {
    const style = getComputedStyle(document.body);
    const names = ["paper", "link", "ink", "soft", "road", "ground", ...Object.keys(KIND_SIGNS)];
    this.colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    this.font = style.fontFamily;
    this.serif = style.getPropertyValue("--serif").trim();
  }

  draw() {
    if (this.still && this.moving) this.still.put(this.to, this.scene, this.view, this);
    else {
      this.undashed.hidden = paint(this.to, this.scene, this.view, this);
      this.still?.prepare(this.scene, this.view, this);
    }
    const { scale, left, top } = this.view;
    this.canvas.classList.toggle("is-moving", this.moving);
    this.canvas.dataset.view = [scale, left, top].map((it) => it.toFixed(3)).join(" ");
  }

  /**
   * Changes the view; it is drawn once a frame, however often it changes.
   * @param {() => void} how
   */
  change(how) {
    how();
    this.moving = true;
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
    this.settle(SETTLED);
  }

  /** Draws the whole of it once nothing moves any more. */
  settle(after = 0) {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      this.moving = false;
      this.draw();
    }, after);
  }

  closer() {
    this.change(() => this.view.zoom(STEP));
  }

  further() {
    this.change(() => this.view.zoom(1 / STEP));
  }

  whole() {
    this.look(undefined);
    this.change(() => this.view.whole());
  }

  /** @param {HTMLElement} button */
  png(button) {
    png(this.scene, this, button.dataset.name ?? "");
  }

  /** @param {Thing | undefined} thing */
  hover(thing) {
    if (thing === this.hovered) return;
    this.hovered = thing;
    this.canvas.classList.toggle("is-over", Boolean(thing));
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  /**
   * Goes from the thing that the keyboard is at to the neighbour that lies a way from it.
   * @param {[number, number]} way
   */
  go(way) {
    const from = this.current ?? this.picked;
    this.look(from ? (neighbour(this.scene, from, way) ?? from) : this.first);
  }

  /**
   * Returns the side of the drawing that a thing is not on.
   * @param {Thing} thing
   */
  side(thing) {
    return this.view.x(thing.x) > this.view.window.width / 2 ? "start" : "end";
  }

  /** Waits for the other end of a way. */
  seek() {
    this.seeking = true;
    this.card?.awaits();
    this.keyed.focus();
  }

  /**
   * Chooses a thing, which the address says from then on; with none, none is chosen.
   * @param {Thing | undefined} thing
   */
  pick(thing) {
    if (this.seeking && thing && this.picked && thing !== this.picked) return this.leave(thing);
    this.seeking = false;
    this.picked = thing;
    if (this.card) {
      if (thing) this.card.show(thing, this.scene, this.side(thing));
      else this.card.hide();
      history.replaceState(history.state, "", this.addressOf(thing));
    }
    this.look(thing);
  }

  /**
   * Opens the page of the way from the picked thing to another.
   * @param {Thing} thing
   */
  leave(thing) {
    const to = this.addressOf(this.picked);
    to.searchParams.set("from", this.picked?.short ?? "");
    to.searchParams.set("to", thing.short ?? "");
    to.hash = "way";
    location.assign(to);
  }

  /** @param {Thing | undefined} picked */
  addressOf(picked) {
    const address = new URL(location.href);
    for (const name of ["from", "to"]) address.searchParams.delete(name);
    address.hash = "";
    if (picked) address.searchParams.set("from", picked.short ?? "");
    return address;
  }

  /**
   * Puts a thing in focus, moving it into sight; nothing where there is none.
   * @param {Thing | undefined} thing
   */
  look(thing) {
    this.current = thing;
    this.tell(thing);
    if (thing && !this.view.holds(thing)) this.glide(thing);
    else this.draw();
  }

  /** @param {Thing | undefined} thing */
  tell(thing) {
    this.told.hidden = !thing;
    if (!thing) return;
    /** @type {HTMLAnchorElement} */
    const name = one(this.told, "a");
    const about = one(this.told, "span");
    name.textContent = thing.name;
    name.href = thing.address ?? "#table";
    name.lang = thing.language || document.documentElement.lang;
    const count = said((thing.degree === 1 ? about.dataset.one : about.dataset.other) ?? "", { n: thing.degree });
    about.textContent = [thing.kind, count].filter(Boolean).join(", ");
  }

  /**
   * Moves a thing into the middle, at once for whoever wants less motion.
   * @param {Thing} thing
   */
  glide(thing) {
    const {
      window: { width, height },
    } = this.view;
    const [dx, dy] = [width / 2 - this.view.x(thing.x), height / 2 - this.view.y(thing.y)];
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.change(() => this.view.move(dx, dy));
      return;
    }
    const start = performance.now();
    let done = 0;
    /** @param {number} now */
    const step = (now) => {
      if (this.current !== thing) return;
      const part = 1 - (1 - Math.min(Math.max((now - start) / GLIDE, 0), 1)) ** 3;
      this.change(() => this.view.move(dx * (part - done), dy * (part - done)));
      done = part;
      if (part < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }
}
