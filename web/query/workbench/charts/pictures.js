// A drawing as a file: SVG that looks the same by itself, or a picture of dots.

const LOOKS = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "stroke-opacity",
  "opacity",
  "font-family",
  "font-size",
  "font-style",
  "font-weight",
  "text-anchor",
  "paint-order",
];
const FINE = 2;

/**
 * Returns a drawing of the page as the text of an SVG file: with the colours it has now, on paper.
 * @param {SVGElement} svg
 */
export function alone(svg) {
  const copy = /** @type {SVGElement} */ (svg.cloneNode(true));
  const [shown, made] = [svg, copy].map((it) => [it, ...it.querySelectorAll("*")]);
  for (const [at, part] of shown.entries()) {
    const style = getComputedStyle(part);
    for (const name of LOOKS) made[at].setAttribute(name, style.getPropertyValue(name));
    made[at].removeAttribute("class");
  }
  const [x, y, width, height] = (svg.getAttribute("viewBox") ?? "").split(" ");
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({
    x,
    y,
    width,
    height,
    fill: getComputedStyle(document.body).backgroundColor,
  }))
    paper.setAttribute(name, value);
  copy.prepend(paper);
  return new XMLSerializer().serializeToString(copy);
}

/**
 * Returns an SVG file as a PNG, twice as fine as the screen.
 * @param {string} text
 * @returns {Promise<Blob>}
 */
export async function dots(text) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = FINE * image.width;
  canvas.height = FINE * image.height;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("the drawing is too large"))));
  });
}
