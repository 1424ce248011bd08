// A picture of a large drawing that stands for it while it moves: drawing it anew takes too long.
import { paint } from "./paint.js";

/** How much more than the window the picture shows on each side, in windows. */
const RIM = 0.25;

export class Still {
  canvas = document.createElement("canvas");

  /** Takes the picture; returns whether strokes tell how sure all links are. */
  take(scene, view, look) {
    const dots = window.devicePixelRatio || 1;
    this.view = view.wider(RIM);
    const { width, height } = this.view.window;
    this.canvas.width = Math.round(width * dots);
    this.canvas.height = Math.round(height * dots);
    const to = this.canvas.getContext("2d", { willReadFrequently: true });
    to.setTransform(dots, 0, 0, dots, 0, 0);
    return paint(to, scene, this.view, look);
  }

  /** Puts the picture where a view has it now, larger or smaller as that is. */
  put(to, view) {
    const by = view.scale / this.view.scale;
    const { width, height } = this.view.window;
    to.clearRect(0, 0, view.window.width, view.window.height);
    to.drawImage(this.canvas, view.left - this.view.left * by, view.top - this.view.top * by, width * by, height * by);
  }
}
