// What a drawing says of itself, inside its picture: a title, its source and version, where it is from.

const SVG = "http://www.w3.org/2000/svg";
const TITLE = 17;
const SOURCE = 12;
/** How wide a letter is, as a part of its height. */
const LETTER = 0.56;
const ROW = 1.35;
const MARGIN = 10;
const MOST_LINES = 4;

/**
 * Puts a title above a picture and its source below it; returns the picture.
 * @template {SVGElement} T
 * @param {T} svg
 * @param {{title: string, source: string, address: string}} frame
 */
export function framed(svg, { title, source, address }) {
  const [left, top, width, height] = (svg.getAttribute("viewBox") ?? "").split(" ").map(Number);
  const [head, foot] = [lines(title, width, TITLE), lines(source, width, SOURCE)];
  const above = head.length * TITLE * ROW + MARGIN;
  const below = foot.length * SOURCE * ROW + MARGIN;
  const { ownerDocument: page } = svg;
  /**
   * @param {string} text
   * @param {number} y
   * @param {Record<string, string | number>} attributes
   */
  const line = (text, y, attributes) => {
    const part = page.createElementNS(SVG, "text");
    for (const [name, value] of Object.entries({ x: left, y, "text-anchor": "start", ...attributes }))
      part.setAttribute(name, String(value));
    part.textContent = text;
    return part;
  };
  /** @type {(name: string, text: string) => Element} */
  const said = (name, text) => Object.assign(page.createElementNS(SVG, name), { textContent: text });
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

/**
 * Returns a text in lines that a width has room for.
 * @param {string} text
 * @param {number} width
 * @param {number} size
 */
function lines(text, width, size) {
  const most = Math.max(12, Math.floor(width / (size * LETTER)));
  /** @type {string[]} */
  const made = [""];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = made[made.length - 1];
    if (last && last.length + word.length + 1 > most) made.push(word.slice(0, most));
    else made[made.length - 1] = `${last} ${word.slice(0, most)}`.trim();
  }
  return made.length > MOST_LINES ? [...made.slice(0, MOST_LINES - 1), `${made[MOST_LINES - 1]} …`] : made;
}
