// The whole drawing as a picture of dots, twice as fine as the screen's.
import { paint } from "./paint.js";
import { View } from "./view.js";

const FINE = 2;

/**
 * Saves a scene as a PNG.
 * @param {import("./scene.js").Scene} scene
 * @param {{colours: Record<string, string>, font: string, serif: string}} look
 * @param {string} name
 */
export function png(scene, { colours, font, serif }, name) {
  const canvas = document.createElement("canvas");
  canvas.width = FINE * scene.width;
  canvas.height = FINE * scene.height;
  const to = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  to.scale(FINE, FINE);
  paint(to, scene, new View(scene, scene), { colours, font, serif });
  to.globalCompositeOperation = "destination-over";
  to.fillStyle = colours.paper;
  to.fillRect(0, 0, scene.width, scene.height);
  canvas.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}
