// The canvas in the page: buttons, gestures, what is in focus, the table that goes with it.
import { copyOf, one } from "../../base/parts.js";
import { said } from "../../base/words.js";
import { gestures } from "./gestures.js";
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
  performance.mark("network-data");
  new Network(place, data);
  requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("network-drawn")));
}

export class Network {
  /** @type {Thing | undefined} */
  focus = undefined;
  moving = false;
  /** @type {number | undefined} */
  frame;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  settling;
  /** @type {Record<string, string>} */
  colours = {};
  font = "";

  /**
   * @param {HTMLElement} place
   * @param {NetworkData} data
   */
  constructor(place, data) {
    data.things.forEach((thing, index) => (thing.index = index));
    this.scene = sceneOf(data);
    const parts = copyOf("network-parts");
    /** @type {HTMLCanvasElement} */
    this.canvas = one(parts, "canvas");
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
    place.replaceChildren(parts);
    this.view = new View(this.scene, this.size());
    this.dress();
    this.draw();
    this.listen();
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
      pressed: (x, y) => this.look(this.view.at(x, y)),
      over: (x, y) => this.canvas.classList.toggle("is-over", Boolean(this.view.at(x, y))),
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
    this.view.resize(this.size());
    this.draw();
  }

  /** Takes the colours and letters of the page. */
  dress() {
    const style = getComputedStyle(document.body);
    const names = ["paper", "link", "ink", "soft", "road"];
    this.colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    this.font = style.fontFamily;
  }

  draw() {
    if (!this.still) this.undashed.hidden = paint(this.to, this.scene, this.view, this);
    else {
      if (!this.moving) this.undashed.hidden = this.still.take(this.scene, this.view, this);
      this.still.put(this.to, this.view);
    }
    const { scale, left, top } = this.view;
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

  /**
   * Puts a thing in focus, moving it into sight; nothing where there is none.
   * @param {Thing | undefined} thing
   */
  look(thing) {
    this.focus = thing;
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
      if (this.focus !== thing) return;
      const part = 1 - (1 - Math.min(Math.max((now - start) / GLIDE, 0), 1)) ** 3;
      this.change(() => this.view.move(dx * (part - done), dy * (part - done)));
      done = part;
      if (part < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }
}
