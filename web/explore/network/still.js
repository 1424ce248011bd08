// A picture of a large drawing that stands for it while it moves: drawing it anew takes too long.
import { paint } from "./paint.js";

/** How much more than the window the picture shows on each side, in windows. */
const RIM = 0.25;

/** @typedef {import("./view.js").View} View */

export class Still {
  /** @type {View | undefined} */
  view;
  canvas = document.createElement("canvas");

  /**
   * Takes the picture; returns whether strokes tell how sure all links are.
   * @param {import("./scene.js").Scene} scene
   * @param {import("./view.js").View} view
   * @param {Look} look
   */
  take(scene, view, look) {
    const dots = window.devicePixelRatio || 1;
    const wider = (this.view = view.wider(RIM));
    const { width, height } = wider.window;
    this.canvas.width = Math.round(width * dots);
    this.canvas.height = Math.round(height * dots);
    const to = this.canvas.getContext("2d", { willReadFrequently: true });
    if (!to) return true;
    to.setTransform(dots, 0, 0, dots, 0, 0);
    return paint(to, scene, wider, look);
  }

  /**
   * Puts the picture where a view has it now, larger or smaller as that is.
   * @param {CanvasRenderingContext2D} to
   * @param {import("./view.js").View} view
   */
  put(to, view) {
    const was = this.view;
    if (!was) return;
    const by = view.scale / was.scale;
    const { width, height } = was.window;
    to.clearRect(0, 0, view.window.width, view.window.height);
    to.drawImage(this.canvas, view.left - was.left * by, view.top - was.top * by, width * by, height * by);
  }
}
