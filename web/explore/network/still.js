// A picture of a large drawing that stands for it while it moves: drawing it anew takes too long.
import { paint } from "./paint.js";

/** How much more than the window the picture shows on each side, in windows. */
const RIM = 0.25;

/** After so many milliseconds of rest it is taken, so that what begins to move need not wait for it. */
const REST = 60;

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./scene.js").Scene} Scene */

export class Still {
  /** @type {View | undefined} */
  view;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  waiting;
  canvas = document.createElement("canvas");

  /**
   * Takes the picture anew as soon as nothing else is to be done.
   * @param {Scene} scene
   * @param {View} view
   * @param {Look} look
   */
  prepare(scene, view, look) {
    this.view = undefined;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.take(scene, view, look), REST);
  }

  /**
   * Takes the picture.
   * @param {Scene} scene
   * @param {View} view
   * @param {Look} look
   */
  take(scene, view, look) {
    clearTimeout(this.waiting);
    const dots = window.devicePixelRatio || 1;
    const wider = (this.view = view.wider(RIM));
    const { width, height } = wider.window;
    this.canvas.width = Math.round(width * dots);
    this.canvas.height = Math.round(height * dots);
    const to = this.canvas.getContext("2d", { willReadFrequently: true });
    if (!to) return wider;
    to.setTransform(dots, 0, 0, dots, 0, 0);
    paint(to, scene, wider, look);
    return wider;
  }

  /**
   * Puts the picture where a view has it now, larger or smaller as that is.
   * @param {CanvasRenderingContext2D} to
   * @param {Scene} scene
   * @param {View} view
   * @param {Look} look
   */
  put(to, scene, view, look) {
    const was = this.view ?? this.take(scene, view, look);
    const by = view.scale / was.scale;
    const { width, height } = was.window;
    to.clearRect(0, 0, view.window.width, view.window.height);
    to.drawImage(this.canvas, view.left - was.left * by, view.top - was.top * by, width * by, height * by);
  }
}
