// The whole drawing as an SVG file: what is painted is written down instead.
import { paint } from "./paint.js";
import { View } from "./view.js";

/**
 * Returns a scene as the text of an SVG file.
 * @param {ReturnType<import("./scene.js").scene>} scene
 * @param {{colours: Record<string, string>, font: string}} look
 */
export function svg(scene, { colours, font }) {
  const { width, height } = scene;
  const written = new Written();
  paint(written, scene, new View(scene, scene), { colours, font });
  const paper = `<rect width="${width}" height="${height}" fill="${safe(colours.paper)}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${paper}${written.parts.join("")}</svg>`;
}

const CHARACTERS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
/** XML has no way to write most control characters. */
const safe = (text) =>
  String(text)
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "")
    .replace(/[&<>"]/g, (it) => CHARACTERS[it]);
const at = (...numbers) => numbers.map((it) => Number(it.toFixed(1))).join(" ");

/** Takes what is painted on a canvas, as far as networks are, as elements of SVG. */
class Written {
  parts = [];
  dash = [];
  path = "";
  globalAlpha = 1;
  measured = document.createElement("canvas").getContext("2d");

  clearRect() {}

  setLineDash(dash) {
    this.dash = dash;
  }

  beginPath() {
    this.path = "";
  }

  moveTo(x, y) {
    this.path += `M${at(x, y)}`;
  }

  lineTo(x, y) {
    this.path += `L${at(x, y)}`;
  }

  closePath() {
    this.path += "z";
  }

  rect(x, y, wide, high) {
    this.path += `M${at(x, y)}h${at(wide)}v${at(high)}h${at(-wide)}z`;
  }

  /** Only whole circles are painted. */
  arc(x, y, r) {
    this.path += `M${at(x - r, y)}a${at(r, r)} 0 1 0 ${at(2 * r, 0)}a${at(r, r)} 0 1 0 ${at(-2 * r, 0)}z`;
  }

  fill() {
    this.put(`fill="${safe(this.fillStyle)}"`);
  }

  stroke() {
    const dash = this.dash.length ? ` stroke-dasharray="${this.dash.join(" ")}"` : "";
    this.put(`fill="none" stroke="${safe(this.strokeStyle)}" stroke-width="${this.lineWidth}"${dash}`);
  }

  put(look) {
    if (this.path) this.parts.push(`<path d="${this.path}" ${look} opacity="${this.globalAlpha}"/>`);
  }

  measureText(text) {
    this.measured.font = this.font;
    return this.measured.measureText(text);
  }

  strokeText(text, x, y) {
    this.text(
      text,
      x,
      y,
      `fill="none" stroke="${safe(this.strokeStyle)}" stroke-width="${this.lineWidth}" stroke-linejoin="round"`,
    );
  }

  fillText(text, x, y) {
    this.text(text, x, y, `fill="${safe(this.fillStyle)}"`);
  }

  /** A canvas writes below the point that it is given, SVG above. */
  text(text, x, y, look) {
    const [, size, family] = this.font.match(/^(\d+)px (.*)$/s);
    this.parts.push(
      `<text x="${at(x)}" y="${at(y + 0.8 * size)}" text-anchor="middle" font-size="${size}" font-family="${safe(family)}" ${look}>${safe(text)}</text>`,
    );
  }
}
