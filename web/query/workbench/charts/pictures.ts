// A drawing as a file: what it says of itself inside its picture, SVG that looks the same by itself, or a picture of dots.

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

/** Returns a drawing of the page as the text of an SVG file: with the colours it has now, on paper. */
export function alone(svg: SVGElement) {
  const copy = svg.cloneNode(true) as SVGElement;
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
  const bars = svg.querySelector("use") && document.querySelector(".bars-drawn");
  if (bars) copy.prepend(bars.cloneNode(true));
  copy.setAttribute("color", getComputedStyle(svg).color);
  return new XMLSerializer().serializeToString(copy);
}

/** Returns an SVG file as a PNG, twice as fine as the screen. */
export async function dots(text: string): Promise<Blob> {
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

// What a drawing says of itself, inside its picture: a title, its source and version, where it is from.

const SVG = "http://www.w3.org/2000/svg";
const TITLE = 17;
const SOURCE = 12;
/** How wide a letter is, as a part of its height. */
const LETTER = 0.56;
const ROW = 1.35;
const MARGIN = 10;
const MOST_LINES = 4;

/** Puts a title above a picture and its source below it; returns the picture. */
export function framed<T extends SVGElement>(
  svg: T,
  { title, source, address }: { title: string; source: string; address: string },
) {
  const [left, top, width, height] = (svg.getAttribute("viewBox") ?? "").split(" ").map(Number);
  const [head, foot] = [lines(title, width, TITLE), lines(source, width, SOURCE)];
  const above = head.length * TITLE * ROW + MARGIN;
  const below = foot.length * SOURCE * ROW + MARGIN;
  const { ownerDocument: page } = svg;
  const line = (text: string, y: number, attributes: Record<string, string | number>) => {
    const part = page.createElementNS(SVG, "text");
    for (const [name, value] of Object.entries({ x: left, y, "text-anchor": "start", ...attributes }))
      part.setAttribute(name, String(value));
    part.textContent = text;
    return part;
  };
  const said: (name: string, text: string) => Element = (name, text) =>
    Object.assign(page.createElementNS(SVG, name), { textContent: text });
  const all = [
    ...head.map((text, at) =>
      line(text, top - above + TITLE * (1 + at * ROW), { class: "plot-title", "font-size": TITLE, "font-weight": 650 }),
    ),
    ...foot.map((text, at) =>
      line(text, top + height + MARGIN + SOURCE * (1 + at * ROW), { class: "plot-source", "font-size": SOURCE }),
    ),
  ];
  svg.append(...all);
  svg.prepend(said("title", title), said("desc", `${source} — ${address}`));
  const whole = [left, top - above, width, height + above + below].map(Math.round);
  svg.setAttribute("viewBox", whole.join(" "));
  svg.setAttribute("width", String(whole[2]));
  svg.setAttribute("height", String(whole[3]));
  return svg;
}

/** Returns a text in lines that a width has room for. */
function lines(text: string, width: number, size: number) {
  const most = Math.max(12, Math.floor(width / (size * LETTER)));
  const made: string[] = [""];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = made[made.length - 1];
    if (last && last.length + word.length + 1 > most) made.push(word.slice(0, most));
    else made[made.length - 1] = `${last} ${word.slice(0, most)}`.trim();
  }
  return made.length > MOST_LINES ? [...made.slice(0, MOST_LINES - 1), `${made[MOST_LINES - 1]} …`] : made;
}
