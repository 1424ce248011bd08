// Drawings of the rows that are shown: which, of what, the drawing, its table, its files.
import { copyOf, made, one, partsIn, save, tableOf } from "../../../base/elements.ts";
import { counted, number, said, words as wordsOf } from "../../../base/words.ts";
import { Network } from "../../../explore/network/network.ts";
import { shown as cellOf, textOf } from "../cells.ts";

import { DRAWINGS, DRAWN, Shown, cast, columnsOf, fitting } from "./drawn.ts";
import { CHARTS, map } from "./plotted.ts";
import { drawNetwork, networkOf } from "./network.ts";
import { alone, dots, framed } from "./pictures.ts";
import type { Rows } from "../rows.ts";
import type { Names } from "../names.ts";

const NARROWEST = 480;
const LONGEST = 32;
const MOST_TOLD = 700;
/** So many things of a column are looked at to see whether they are places, and so many are asked for on a map. */
const SAMPLE = 60;
const MOST_PLACES = 2000;
const HIDDEN = /[\u0000-\u001f\u007f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;
const WITHOUT = "";
const COUNT = "\u0000count";
/** No name of a column has a dot, none is empty. */
const BETWEEN = ".";
const NO_COLUMN = "";

export class Drawings {
  drawing = "";
  /** Which columns play its parts in the address. */
  roles: string[] = [];
  /** Which columns there are to choose from. */
  choosable: ChartColumn[] = [];
  /** Which columns play its parts, none until one is chosen. */
  cast: Cast = {};
  /** What is drawn now: what was begun before is given up. */
  turn = {};
  way = "chart";
  /** The drawing as an SVG file. */
  file: () => string = () => "";

  rows;
  places;
  order;
  columns;
  graph;
  chosen;
  say;
  words;
  parts;
  caption;
  source;

  constructor(
    place: HTMLElement,
    how: {
      rows: Rows;
      places: Names<[number, number][]>;
      order: () => Iterable<number>;
      columns: () => string[];
      graph: boolean;
      wanted: string;
      caption: string;
      chosen: (drawing: string) => void;
      say: (text: string) => void;
    },
  ) {
    this.rows = how.rows;
    this.places = how.places;
    this.order = how.order;
    this.columns = how.columns;
    this.graph = how.graph;
    this.chosen = how.chosen;
    this.say = how.say;
    const parts = copyOf("chart-parts");
    this.words = wordsOf(one(parts, "*"));
    this.parts = partsIn(parts, "chart");
    place.replaceChildren(parts);
    const { kind, svg, png, title } = this.parts;
    [this.drawing, ...this.roles] = how.wanted.split(BETWEEN);
    this.caption = how.caption;
    this.source = said(this.words.source, { source: one(place, "[data-source]").dataset.source });
    title.addEventListener("change", () => {
      this.caption = title.value;
      this.draw();
    });
    kind.addEventListener("change", () => this.choose(kind.value));
    svg.addEventListener("click", () => save(new Blob([this.file()], { type: "image/svg+xml" }), "answer.svg"));
    png.addEventListener("click", async () => save(await dots(this.file()), "answer.png"));
  }

  /**
   * Looks at the columns that are shown, proposes what fits them and the way to see them, draws it.
   * @param way chart, network or map
   */
  async look(way: string) {
    this.way = way;
    const { rows, parts, words } = this;
    const columns = columnsOf(rows, this.columns());
    for (const column of columns) if (column.kind === "thing" && (await this.isOfPlaces(column))) column.kind = "place";
    this.choosable = columns;
    const possible = fitting(columns, { graph: this.graph }).filter((drawing) => wayOf(drawing) === way);
    parts.kind.replaceChildren(...possible.map((drawing) => new Option(words[drawing], drawing)));
    parts.kinds.hidden = possible.length < 2;
    if (possible.length) await this.choose(possible.includes(this.drawing) ? this.drawing : possible[0]);
    else this.nothing(words[`no_${way}`]);
  }

  async isOfPlaces({ name }: ChartColumn) {
    const sample = this.rows.of(name).terms.slice(1, SAMPLE + 1);
    const things = sample.map((term) => String(term?.value));
    await this.places.want(things);
    return things.filter((iri) => this.places.of(iri)).length * 2 >= things.length;
  }

  /** Draws one of the drawings, of the columns that fit it first. */
  async choose(drawing: string) {
    this.drawing = this.parts.kind.value = drawing;
    this.cast = { ...this.proposed() };
    for (const [at, part] of Object.keys(DRAWINGS[drawing]).entries()) this.play(part, this.roles[at]);
    this.roles = [];
    this.chosen(this.written());
    this.parts.roles.replaceChildren(
      ...Object.entries(DRAWINGS[drawing]).map(([part, kinds]) => this.role(part, kinds)),
    );
    await this.draw();
    if (!this.parts.drawn.hidden) this.say(this.description());
  }

  /** Returns the columns that fit the drawing first. */
  proposed(): Cast {
    const [subject, , object] = this.choosable;
    if (this.graph && this.drawing === "network" && object) return { from: subject, to: object };
    return cast(this.drawing, this.choosable) ?? {};
  }

  /** Has a column play a part of the drawing, or none, where that fits. */
  play(part: string, name: string | undefined) {
    const kinds = DRAWINGS[this.drawing][part];
    const column = this.choosable.find((it) => it.name === name && kinds.includes(it.kind ?? ""));
    if (column || (name === NO_COLUMN && (part.endsWith("?") || kinds.includes("count"))))
      this.cast[part] = column as ChartColumn;
  }

  /** Returns the drawing as the view has it: with the columns that play its parts where others were proposed. */
  written() {
    const names = (cast: Cast) =>
      Object.keys(DRAWINGS[this.drawing])
        .map((part) => cast[part]?.name ?? NO_COLUMN)
        .join(BETWEEN);
    const [here, proposed] = [this.cast, this.proposed()].map(names);
    return here === proposed ? this.drawing : this.drawing + BETWEEN + here;
  }

  /** Returns what is drawn, in words. */
  description() {
    return said(this.words.described, { drawing: this.words[this.drawing], columns: this.names() });
  }

  role(part: string, kinds: string[]) {
    const name = part.replace("?", "");
    const select = made("select", { id: `chart-${name}` });
    if (part.endsWith("?")) select.append(new Option("—", WITHOUT));
    if (kinds.includes("count")) select.append(new Option(this.words.count, COUNT));
    for (const { name, kind } of this.choosable)
      if (kinds.includes(kind ?? "")) select.append(new Option(name, `=${name}`));
    const chosen = this.cast[part];
    select.value = chosen ? `=${chosen.name}` : part.endsWith("?") ? WITHOUT : COUNT;
    select.addEventListener("change", () => {
      const column = this.choosable.find(({ name }) => select.value === `=${name}`);
      this.cast[part] = column as ChartColumn;
      this.chosen(this.written());
      this.draw();
    });
    return made("p", made("label", { for: select.id }, this.words[`part_${name}`]), " ", select);
  }

  async draw() {
    if (!Object.keys(this.cast).length) return;
    const turn = (this.turn = {});
    const { cast: columns, drawing, rows } = this;
    const shown = new Shown(rows, this.order(), this.places, this.graph);
    const isOfThings = drawing === "map" && !columns.place.of && columns.place.kind !== "point";
    const unasked = isOfThings ? await this.placed(shown, columns.place) : undefined;
    const drawn: Drawn = { ...drawer(drawing)(shown, columns), unasked };
    if (unasked) drawn.out -= unasked.rows;
    const things = drawn.items
      .flatMap(({ cells }) => cells.flat())
      .flatMap((it) => (typeof it === "object" && it.type === "uri" ? [it.value] : []));
    if (!rows.addresses) await rows.names.want(things);
    if (turn !== this.turn) return;
    if (drawn.items.length) this.put(drawn);
    else this.nothing([this.words.nothing, this.left(drawn)].filter(Boolean).join(" "));
  }

  /** Has the things of a column placed, as many as are asked for; returns what of them is left, if any. */
  async placed(shown: Shown, column: ChartColumn) {
    const rows = new Map();
    for (const row of shown.order) {
      const term = shown.at(column, row);
      if (term?.type === "uri") rows.set(term.value, (rows.get(term.value) ?? 0) + 1);
    }
    const things = [...rows.keys()];
    await this.places.want(things.slice(0, MOST_PLACES));
    const left = things.slice(MOST_PLACES).filter((iri) => !this.places.of(iri));
    return left.length
      ? { n: things.length - left.length, all: things.length, rows: left.reduce((sum, iri) => sum + rows.get(iri), 0) }
      : undefined;
  }

  /** Says how many rows are not drawn. */
  left({ out }: Drawn) {
    const { words } = this;
    return out ? counted(words, "out", out) : "";
  }

  /** Returns the title of the drawing: the reader's, that of the query, or what is drawn by what. */
  titled() {
    const { words, drawing } = this;
    if (this.caption) return this.caption;
    const [what, measure] = Object.values(this.cast);
    if (drawing === "bars" || drawing === "lines")
      return said(words.by, { long: measure?.name ?? words.count, what: what?.name });
    return `${words[drawing]} (${this.names()})`;
  }

  /** Returns the names of the columns that are drawn. */
  names() {
    return Object.values(this.cast)
      .map((it) => it?.name)
      .filter(Boolean)
      .join(", ");
  }

  /** Returns what a drawing says of itself. */
  frame() {
    return { title: this.titled(), source: this.source, address: window.location.href };
  }

  put(drawn: Drawn) {
    const { parts, words, drawing } = this;
    parts.drawn.hidden = parts.titling.hidden = false;
    parts.title.value = this.titled();
    const titles = Object.fromEntries(
      Object.entries(this.cast).map(([part, column]) => [part, column?.name ?? words.count]),
    );
    const kinds = Object.fromEntries(Object.entries(this.cast).map(([part, column]) => [part, column?.kind]));
    const look: ChartLook = {
      width: Math.max(parts.place.clientWidth, NARROWEST),
      titles,
      kinds,
      label: (term) => this.label(term),
      shownDate: textOf,
      nameOf: (term) => this.rows.nameOf(term),
    };
    parts.note.textContent = [
      drawn.unasked && said(words.unasked, { n: number(drawn.unasked.n), all: number(drawn.unasked.all) }),
      drawn.items.length < drawn.all && said(words.part_of, { n: number(drawn.items.length), all: number(drawn.all) }),
      drawn.summed && words.summed,
      this.left(drawn),
    ]
      .filter(Boolean)
      .join(" ");
    if (drawing === "network") {
      this.net(networkOf(drawn as ReturnType<typeof DRAWN.network>, look));
      return;
    }
    const picture = framed(painter(drawing)(drawn, look), this.frame());
    picture.setAttribute("role", "img");
    // What is written in it would be read in the order of drawing, without what it is about.
    for (const part of picture.children) part.setAttribute("aria-hidden", "true");
    picture.setAttribute("aria-label", this.description());
    this.file = () => alone(picture);
    parts.place.replaceChildren(picture);
    this.tell(
      this.heads(titles),
      drawn.items.map(({ cells }) => cells),
    );
  }

  net(data: ReturnType<typeof networkOf>) {
    this.tell([this.words.thing, this.words.linked], data.told);
    const svg = one<SVGSVGElement>(copyOf("network-parts"), "svg");
    drawNetwork(svg, data);
    const network = new Network(this.parts.place, svg, data);
    this.file = () => {
      const file = new DOMParser().parseFromString(network.file(), "image/svg+xml");
      framed(file.documentElement as any, this.frame());
      return new XMLSerializer().serializeToString(file);
    };
  }

  heads(titles: Words) {
    const { words } = this;
    if (this.drawing === "map") return [words.place, words.latitude, words.longitude, words.count];
    return Object.keys(DRAWINGS[this.drawing])
      .filter((part) => !part.endsWith("?") || this.cast[part])
      .map((part) => titles[part]);
  }

  /** Says in a table what is drawn. */
  tell(heads: string[], rows: Cell[][]) {
    const told = (term: Term | number | undefined) =>
      typeof term === "object" ? cellOf(term, { name: this.rows.nameOf(term), cut: 200 }) : this.words.unbound;
    const cell = (it: Cell, at: number) => {
      const content =
        typeof it === "number" ? number(it) : [it].flat().flatMap((term, i) => [i > 0 && ", ", told(term)]);
      const attributes = { class: typeof it === "number" && "number", scope: at ? null : "row" };
      return made(at ? "td" : "th", attributes, content);
    };
    const cells = rows.slice(0, MOST_TOLD).map((row) => row.map(cell));
    this.parts.table.replaceChildren(tableOf(heads, cells));
  }

  nothing(why: string) {
    this.parts.drawn.hidden = this.parts.titling.hidden = true;
    this.parts.place.replaceChildren();
    this.parts.note.textContent = why;
  }

  /** Returns what a term is called in a drawing: short, and without marks that turn what stands beside it. */
  label(term: Term | undefined) {
    if (!term) return this.words.unbound;
    const text = (this.rows.nameOf(term)?.label ?? textOf(term)).slice(0, 500).replace(HIDDEN, " ").trim();
    return text.length > LONGEST ? `${text.slice(0, LONGEST - 1).trimEnd()}…` : text;
  }
}

const wayOf = (drawing: string) => (drawing === "network" || drawing === "map" ? drawing : "chart");

const drawer: (drawing: string) => (shown: Shown, parts: Cast) => Drawn = (drawing) =>
  (DRAWN as Record<string, (shown: Shown, parts: Cast) => Drawn>)[drawing];

const painter: (drawing: string) => (drawn: any, look: ChartLook) => SVGElement = (drawing) =>
  (({ map, ...CHARTS }) as Record<string, (drawn: any, look: ChartLook) => SVGElement>)[drawing];
