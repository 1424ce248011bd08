// The whole drawing as an SVG file: what is painted is written down instead.
import { paint } from "./paint.js";
import { View } from "./view.js";

/**
 * Returns a scene as the text of an SVG file.
 * @param {import("./scene.js").Scene} scene
 * @param {{colours: Record<string, string>, font: string, serif: string}} look
 */
export function svg(scene, { colours, font, serif }) {
  const { width, height } = scene;
  const written = new Written();
  paint(written, scene, new View(scene, scene), { colours, font, serif });
  const paper = `<rect width="${width}" height="${height}" fill="${safe(colours.paper)}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${paper}${written.parts.join("")}</svg>`;
}

/** @type {Record<string, string>} */
const CHARACTERS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
/**
 * XML has no way to write most control characters.
 * @param {string} text
 */
const safe = (text) =>
  String(text)
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "")
    .replace(/[&<>"]/g, (it) => CHARACTERS[it]);
/** @param {...number} numbers */
const at = (...numbers) => numbers.map((it) => Number(it.toFixed(1))).join(" ");

/**
 * Takes what is painted on a canvas, as far as networks are, as elements of SVG.
 * @implements {Painted}
 */
class Written {
  /** @type {string[]} */
  parts = [];
  /** @type {number[]} */
  dash = [];
  fillStyle = "";
  strokeStyle = "";
  lineWidth = 1;
  font = "";
  path = "";
  globalAlpha = 1;
  /** @type {CanvasLineCap} */
  lineCap = "butt";
  /** @type {CanvasLineJoin} */
  lineJoin = "miter";
  measured = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

  clearRect() {}

  /** @param {number[]} dash */
  setLineDash(dash) {
    this.dash = dash;
  }

  beginPath() {
    this.path = "";
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  moveTo(x, y) {
    this.path += `M${at(x, y)}`;
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  lineTo(x, y) {
    this.path += `L${at(x, y)}`;
  }

  closePath() {
    this.path += "z";
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} wide
   * @param {number} high
   */
  rect(x, y, wide, high) {
    this.path += `M${at(x, y)}h${at(wide)}v${at(high)}h${at(-wide)}z`;
  }

  /**
   * Only whole circles are painted.
   * @param {number} x
   * @param {number} y
   * @param {number} r
   */
  arc(x, y, r) {
    this.path += `M${at(x - r, y)}a${at(r, r)} 0 1 0 ${at(2 * r, 0)}a${at(r, r)} 0 1 0 ${at(-2 * r, 0)}z`;
  }

  fill() {
    this.put(`fill="${safe(this.fillStyle)}"`);
  }

  stroke() {
    const dash = this.dash.length ? ` stroke-dasharray="${this.dash.join(" ")}"` : "";
    const cap = this.lineCap === "butt" ? "" : ` stroke-linecap="${this.lineCap}"`;
    const join = this.lineJoin === "miter" ? "" : ` stroke-linejoin="${this.lineJoin}"`;
    this.put(`fill="none" stroke="${safe(this.strokeStyle)}" stroke-width="${this.lineWidth}"${dash}${cap}${join}`);
  }

  /** @param {string} look */
  put(look) {
    if (this.path) this.parts.push(`<path d="${this.path}" ${look} opacity="${this.globalAlpha}"/>`);
  }

  /** @param {string} text */
  measureText(text) {
    this.measured.font = this.font;
    return this.measured.measureText(text);
  }

  /**
   * @param {string} text
   * @param {number} x
   * @param {number} y
   */
  strokeText(text, x, y) {
    this.text(
      text,
      x,
      y,
      `fill="none" stroke="${safe(this.strokeStyle)}" stroke-width="${this.lineWidth}" stroke-linejoin="round"`,
    );
  }

  /**
   * @param {string} text
   * @param {number} x
   * @param {number} y
   */
  fillText(text, x, y) {
    this.text(text, x, y, `fill="${safe(this.fillStyle)}"`);
  }

  /**
   * A canvas writes below the point that it is given, SVG above.
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {string} look
   */
  text(text, x, y, look) {
    const [, slant = "", size = "0", family = ""] = this.font.match(/^(italic )?(?:\d+ )?(\d+)px (.*)$/s) ?? [];
    this.parts.push(
      `<text x="${at(x)}" y="${at(y + 0.8 * Number(size))}" text-anchor="middle" font-size="${size}" font-family="${safe(family)}"${slant && ' font-style="italic"'} ${look}>${safe(text)}</text>`,
    );
  }
}
