// Which part of the drawing is seen: `x` and `y` on the screen are `scale` times those of the scene.

const CLOSEST = 14;
const FURTHEST = 0.6;
/** The width of a telephone. */
const NARROW = 600;
/** Where less than this would be seen of what was made for one pixel, names have no room: a part is shown at first. */
const READABLE = 0.6;

export class View {
  /** @type {Size} */
  window;
  scale = 1;
  left = 0;
  top = 0;

  /**
   * @param {Size & {things?: Thing[]}} scene
   * @param {Size} window
   */
  constructor(scene, window) {
    this.scene = scene;
    this.window = window;
    this.whole();
  }

  /**
   * Shows what can be read of it in a window of this size: everything, or what is around a thing.
   * @param {Size} window
   * @param {{x: number, y: number}=} around
   */
  resize(window, around) {
    this.window = window;
    this.whole();
    if (!around || this.fitting >= READABLE || window.width > NARROW) return;
    this.scale = READABLE;
    /** @type {(at: number, long: number, room: number) => number} */
    const filled = (at, long, room) =>
      Math.max(Math.min(room / 2 - at * READABLE, 0), Math.min(room - long * READABLE, 0));
    this.left = filled(around.x, this.scene.width, window.width);
    this.top = filled(around.y, this.scene.height, window.height);
  }

  /**
   * Returns a view of the same that shows more on each side, so many windows more.
   * @param {number} by
   */
  wider(by) {
    const { width, height } = this.window;
    const more = new View(this.scene, { width: width * (1 + 2 * by), height: height * (1 + 2 * by) });
    return Object.assign(more, { scale: this.scale, left: this.left + width * by, top: this.top + height * by });
  }

  get fitting() {
    return Math.min(this.window.width / this.scene.width, this.window.height / this.scene.height);
  }

  /** Shows everything, in the middle. */
  whole() {
    this.scale = this.fitting;
    this.left = (this.window.width - this.scene.width * this.scale) / 2;
    this.top = (this.window.height - this.scene.height * this.scale) / 2;
  }

  /**
   * Magnifies so many times; the point of the screen stays where it is.
   * @param {number} times
   * @param {number=} x
   * @param {number=} y
   */
  zoom(times, x = this.window.width / 2, y = this.window.height / 2) {
    const wanted = Math.min(Math.max(this.scale * times, this.fitting * FURTHEST), this.fitting * CLOSEST);
    const by = wanted / this.scale;
    this.left = x - (x - this.left) * by;
    this.top = y - (y - this.top) * by;
    this.scale = wanted;
    this.hold();
  }

  /**
   * @param {number} dx
   * @param {number} dy
   */
  move(dx, dy) {
    this.left += dx;
    this.top += dy;
    this.hold();
  }

  /** Keeps some of the drawing in the window, so that nobody loses it. */
  hold() {
    const rim = 80;
    /**
     * @param {number} at
     * @param {number} long
     * @param {number} room
     */
    const within = (at, long, room) => Math.min(Math.max(at, rim - long * this.scale), room - rim);
    this.left = within(this.left, this.scene.width, this.window.width);
    this.top = within(this.top, this.scene.height, this.window.height);
  }

  /** @param {number} at */
  x = (at) => at * this.scale + this.left;
  /** @param {number} at */
  y = (at) => at * this.scale + this.top;

  /**
   * Tells whether a thing can be seen, not just its edge.
   * @param {{x: number, y: number}} it
   */
  holds({ x, y }, rim = 24) {
    const [left, top] = [this.x(x), this.y(y)];
    return left > rim && top > rim && left < this.window.width - rim && top < this.window.height - rim;
  }

  /**
   * The radius of a thing on the screen: it grows less than distances do.
   * @param {Thing} thing
   */
  radius(thing) {
    return thing.radius * Math.min(Math.max(this.scale ** 0.8, 0.3), 2.2);
  }

  /**
   * Returns the thing at a point of the screen, the nearest of several; nothing where there is none.
   * @param {number} x
   * @param {number} y
   */
  at(x, y, reach = 5) {
    /** @type {Thing | undefined} */
    let found;
    let least = Infinity;
    for (const thing of this.scene.things ?? []) {
      const far = Math.hypot(this.x(thing.x) - x, this.y(thing.y) - y) - this.radius(thing);
      if (far < reach && far < least) [found, least] = [thing, far];
    }
    return found;
  }
}
