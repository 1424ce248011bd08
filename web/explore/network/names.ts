// The names in a drawing: those of groups, then those of things by what they are linked to, none over another; then marks of lines.
const SVG = "http://www.w3.org/2000/svg";
/** The sizes of letters, as parts of those of the page. */
const LETTERS = 0.75;
const GROUP_LETTERS = 0.9375;
const LONGEST = 26;
const GAP = 3;

type Box = { x: number; y: number; wide: number; high: number };
/** How far a mark and what is free around it reach from the middle of its line, in pixels. */
const MARK = 12;

type Name = { text: SVGTextElement; wide: number };

export class Names {
  svg;
  groups;
  things;
  of: Map<Thing, Name>;
  letter: number | undefined;
  marks: SVGGElement[];

  /** @param svg whose names, which have room at one size, are written anew */
  constructor(svg: SVGSVGElement, data: NetworkData) {
    this.svg = svg;
    for (const text of svg.querySelectorAll(":scope > text")) text.remove();
    this.marks = [...svg.querySelectorAll<SVGGElement>(".line-mark")];
    const { groups = [], things } = data;
    this.groups = groups.map((group) => ({ ...group, ...this.write(group.title, group.language, "group-name") }));
    /** The best-linked first. */
    this.things = [...things].sort((a, b) => b.degree - a.degree);
    this.of = new Map(things.map((thing) => [thing, this.write(shortened(thing.name), thing.language, "name")]));
    this.measure();
  }

  write(name: string, language: string, look: string): Name {
    const text = document.createElementNS(SVG, "text");
    for (const [key, value] of Object.entries({ class: look, "text-anchor": "middle", "aria-hidden": "true" }))
      text.setAttribute(key, value);
    if (language) text.setAttribute("lang", language);
    text.textContent = name;
    this.svg.append(text);
    return { text, wide: 0 };
  }

  /** Measures the names in the letters that the page has now. */
  measure() {
    const pen = document.createElement("canvas").getContext("2d") as CanvasRenderingContext2D;
    const style = getComputedStyle(document.body);
    this.letter = parseFloat(getComputedStyle(document.documentElement).fontSize);
    pen.font = `${LETTERS * this.letter}px ${style.fontFamily}`;
    for (const name of this.of.values()) name.wide = pen.measureText(name.text.textContent ?? "").width;
    pen.font = `italic 600 ${GROUP_LETTERS * this.letter}px ${style.getPropertyValue("--serif")}`;
    for (const name of this.groups) name.wide = pen.measureText(name.title).width;
  }

  /**
   * Places the names that have room, whole within the window; what is in focus, the first of all, always has its own.
   * @param sign how much larger than in the drawing signs are
   * @param alone whether no other things are named
   */
  place(
    { left, top, scale }: { left: number; top: number; scale: number },
    { width, height }: { width: number; height: number },
    sign: number,
    first: Thing[],
    alone: boolean,
  ) {
    const [line, letter = 16] = [1.25 * LETTERS * (this.letter ?? 16), this.letter];
    const taken: Box[] = [];
    const isFree = (it: Box) =>
      it.y >= 0 &&
      it.y + it.high <= height &&
      !taken.some(
        (box) => it.x < box.x + box.wide && box.x < it.x + it.wide && it.y < box.y + box.high && box.y < it.y + it.high,
      );
    const within: (at: number, wide: number) => number = (at, wide) =>
      Math.max(2, Math.min(at - wide / 2, width - wide - 2));
    const put: (name: Name, box: Box, high: number) => void = ({ text, wide }, box, high) => {
      taken.push(box);
      text.setAttribute("x", String(left + (box.x + wide / 2) / scale));
      text.setAttribute("y", String(top + (box.y + 0.8 * high) / scale));
      text.removeAttribute("display");
    };
    const seen = this.things
      .map((thing) => ({
        thing,
        x: (thing.x - left) * scale,
        y: (thing.y - top) * scale,
        r: thing.radius * sign * scale,
      }))
      .filter(({ x, y }) => x > 0 && y > 0 && x < width && y < height);
    for (const { text } of [...this.groups, ...this.of.values()]) text.setAttribute("display", "none");
    const signs = seen.map(({ x, y, r }) => ({ x: x - (r * 4) / 3, y: y - r, wide: (r * 8) / 3, high: 2 * r }));
    for (const group of this.groups) {
      const high = GROUP_LETTERS * letter;
      const [x, y] = [(group.x - left) * scale, Math.max(2, (group.y - top) * scale - high)];
      const box = { x: within(x, group.wide), y, wide: group.wide, high: high + 4 };
      if (x > 0 && x < width && (group.y - top) * scale > 0 && isFree(box)) put(group, box, high);
    }
    taken.push(...signs);
    const wanted = new Set(first);
    const order = [...seen.filter(({ thing }) => wanted.has(thing)), ...(alone ? [] : seen)];
    order.sort((a, b) => Number(b.thing === first[0]) - Number(a.thing === first[0]));
    for (const { thing, x, y, r } of order) {
      const name = this.of.get(thing) as Name;
      if (!name.text.hasAttribute("display")) continue;
      const { wide } = name;
      const aside = (r * 4) / 3 + GAP;
      const places = [
        { x: within(x, wide), y: y + r + GAP },
        { x: x + aside, y: y - line / 2 },
        { x: x - aside - wide, y: y - line / 2 },
        { x: within(x, wide), y: y - r - GAP - line },
      ].map((it) => ({ ...it, wide, high: line }));
      const isWhole = (it: Box) => it.x >= 0 && it.x + wide <= width;
      const free = places.find((it) => isWhole(it) && isFree(it));
      const box = free ?? (thing === first[0] ? places.find(isWhole) : undefined);
      if (box) put(name, box, line);
    }
    for (const mark of this.marks) {
      const { e, f } = mark.transform.baseVal[0].matrix;
      const [x, y] = [(e - left) * scale - MARK, (f - top) * scale - MARK];
      const box = { x, y, wide: 2 * MARK, high: 2 * MARK };
      if (isFree(box)) {
        taken.push(box);
        mark.removeAttribute("display");
      } else mark.setAttribute("display", "none");
    }
  }
}

const shortened = (name: string) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1).trimEnd()}…` : name);
