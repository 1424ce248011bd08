// An answer as a table of which only the rows in sight are drawn, sorted by any column.
import { one } from "../../base/parts.js";
import { said } from "../../base/words.js";
import { isNumber, shown } from "./cells.js";

/** Up to so many rows are drawn whole; beyond, each is one line high and only those in sight are. */
const SMALL = 200;
const BESIDE = 12;
/** Browsers cannot scroll further than this many rows of one line. */
const MOST = 400_000;
const LONGEST = 1000;
const LONGEST_LINE = 120;
/** Who scrolls on is not interrupted. */
const PAUSE = 500;

export class Table {
  /** The rows that are in the page, by their places. @type {Map<number, HTMLTableRowElement>} */
  drawn = new Map();
  /** By which column the rows are sorted, and which way; undefined where they are as they came. */
  /** @type {{name: string, way: number} | undefined} */
  by = undefined;
  /** What stretches the table to where its other rows would be. */
  above = spacer(1);
  below = spacer(1);
  /** @type {Uint8Array | undefined} */
  mask;
  /** @type {number | undefined} */
  frame;
  /** @type {number | undefined} */
  tall;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  scrolling;
  /** Which column is being dragged. @type {string | undefined} */
  dragged;
  /** @type {symbol | undefined} */
  turn;
  table = document.createElement("table");
  head = this.table.createTHead().insertRow();
  body = this.table.createTBody();

  /**
   * @param {HTMLElement} place
   * @param {{rows: import("./rows.js").Rows, words: Words, open: (row: number, from: HTMLElement) => void, move: (column: string, to: string) => void, say: (text: string) => void}} of
   */
  constructor(place, { rows, words, open, move, say }) {
    this.place = place;
    this.rows = rows;
    this.words = words;
    this.open = open;
    this.move = move;
    this.say = say;
    this.columns = rows.columns;
    this.sorted = Uint32Array.from(rows.rows.keys());
    this.order = this.sorted.subarray(0, MOST);
    this.small = rows.length <= SMALL;
    this.build();
    this.draw();
  }

  build() {
    this.table.setAttribute("aria-labelledby", "answer-title");
    if (!this.small) this.table.className = "of-lines";
    this.head.setAttribute("aria-rowindex", "1");
    this.place.replaceChildren(this.table);
    this.title();
    if (this.small) return;
    this.place.addEventListener(
      "scroll",
      () => {
        this.frame ??= requestAnimationFrame(() => this.draw());
        clearTimeout(this.scrolling);
        this.scrolling = setTimeout(() => this.sayInSight(), PAUSE);
      },
      { passive: true },
    );
    new ResizeObserver(() => this.draw()).observe(this.place);
  }

  /** Draws the headings of the columns that are shown, and says how many rows there are. */
  title() {
    this.table.setAttribute("aria-rowcount", String(this.order.length + 1));
    this.head.replaceChildren(heading(this.words.row), ...this.columns.map((name) => this.heading(name)));
    if (this.small) return;
    this.above.remove();
    this.below.remove();
    [this.above, this.below] = [spacer(this.columns.length + 1), spacer(this.columns.length + 1)];
  }

  /** @param {string} name */
  heading(name) {
    const made = heading();
    const button = Object.assign(document.createElement("button"), {
      type: "button",
      className: "sorts",
      textContent: name,
    });
    button.addEventListener("click", () => this.sort(name));
    if (this.by?.name === name) made.setAttribute("aria-sort", this.by.way > 0 ? "ascending" : "descending");
    made.append(button);
    made.draggable = this.columns.length > 1;
    made.addEventListener("dragstart", ({ dataTransfer }) => {
      this.dragged = name;
      dataTransfer?.setData("text/plain", name);
    });
    made.addEventListener("dragover", (event) => this.dragged !== undefined && event.preventDefault());
    made.addEventListener("dragend", () => (this.dragged = undefined));
    made.addEventListener("drop", (event) => {
      event.preventDefault();
      if (this.dragged !== undefined) this.move(this.dragged, name);
    });
    return made;
  }

  /** Draws the rows that are in sight, keeping those that are there, so that none loses the focus. */
  draw() {
    this.frame = undefined;
    const [from, to] = this.inSight();
    for (const [at, row] of this.drawn)
      if (at < from || at >= to) {
        row.remove();
        this.drawn.delete(at);
      }
    let next = this.below.isConnected ? this.below : null;
    for (let at = to - 1; at >= from; at--) {
      const row = this.drawn.get(at) ?? this.row(at);
      if (row.nextSibling !== next || !row.isConnected) this.body.insertBefore(row, next);
      this.drawn.set(at, row);
      next = row;
    }
    if (!this.small) this.stretch(from, to);
    this.call(from, to);
  }

  inSight() {
    if (this.small) return [0, this.order.length];
    const { scrollTop, clientHeight } = this.place;
    const first = Math.min(Math.floor(scrollTop / this.height()), this.order.length);
    return [
      Math.max(first - BESIDE, 0),
      Math.min(first + Math.ceil(clientHeight / this.height()) + BESIDE, this.order.length),
    ];
  }

  /** Has it heard which rows are in sight, by who has scrolled there by keyboard: the others are not in the page. */
  sayInSight() {
    if (document.activeElement !== this.place || !this.order.length) return;
    const [first, last] = [this.place.scrollTop, this.place.scrollTop + this.place.clientHeight].map((at) =>
      Math.floor(at / this.height()),
    );
    const [from, to] = [
      Math.min(first + 1, this.order.length),
      Math.min(Math.max(last - 1, first + 1), this.order.length),
    ];
    this.say(said(this.words.in_sight, { from: number(from), to: number(to), all: number(this.order.length) }));
  }

  height() {
    const row = this.drawn.values().next().value;
    return (this.tall ??= row?.isConnected ? row.getBoundingClientRect().height || undefined : undefined) ?? 36;
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  stretch(from, to) {
    if (!this.above.isConnected) {
      this.body.prepend(this.above);
      this.body.append(this.below);
    }
    one(this.above, "td").style.height = `${from * this.height()}px`;
    one(this.below, "td").style.height = `${(this.order.length - to) * this.height()}px`;
  }

  /** @param {number} at */
  row(at) {
    const number = this.order[at];
    const row = document.createElement("tr");
    row.setAttribute("aria-rowindex", String(at + 2));
    const button = Object.assign(document.createElement("button"), {
      type: "button",
      className: "as-link",
      textContent: String(number + 1),
    });
    button.setAttribute("aria-label", said(this.words.row_n, { n: number + 1 }));
    button.addEventListener("click", () => this.open(number, button));
    row.insertCell().append(button);
    for (const name of this.columns) {
      const cell = row.insertCell();
      const term = this.rows.rows[number][name];
      if (!term) continue;
      if (isNumber(term)) cell.className = "number";
      cell.append(shown(term, { cut: this.small ? LONGEST : LONGEST_LINE, name: this.rows.nameOf(term) }));
    }
    return row;
  }

  /**
   * Has the things in sight called by their names; the rows are drawn anew when some came.
   * @param {number} from
   * @param {number} to
   */
  async call(from, to) {
    if (this.rows.addresses) return;
    const wanted = [];
    for (let at = from; at < to; at++) wanted.push(...this.things(this.rows.rows[this.order[at]]));
    if (await this.rows.names.want(wanted)) this.again();
  }

  /** @param {Row} row */
  things(row) {
    return this.columns.flatMap((name) => {
      const term = row[name];
      return term?.type === "uri" ? [term.value] : [];
    });
  }

  /** Draws anew what is drawn, each row in its place, keeping the focus in its row. */
  again() {
    for (const [at, row] of this.drawn) {
      const focused = row.contains(document.activeElement);
      if (at >= this.order.length) continue;
      const made = this.row(at);
      row.replaceWith(made);
      this.drawn.set(at, made);
      if (focused) one(made, "button").focus({ preventScroll: true });
    }
    this.draw();
  }

  /**
   * Shows these columns, in this order.
   * @param {string[]} columns
   */
  arrange(columns) {
    this.columns = columns;
    this.title();
    this.again();
  }

  /**
   * Shows the rows that a mask lets through, all without one.
   * @param {Uint8Array | undefined} mask
   */
  only(mask) {
    this.mask = mask;
    this.order = (mask ? this.sorted.filter((row) => mask[row]) : this.sorted).subarray(0, MOST);
    this.table.setAttribute("aria-rowcount", String(this.order.length + 1));
    this.place.scrollTop = 0;
    this.again();
  }

  /**
   * Sorts by a column, upwards, downwards, then as the answer came.
   * @param {string} name
   */
  async sort(name) {
    const way = this.by?.name !== name ? 1 : this.by.way > 0 ? -1 : 0;
    this.by = way ? { name, way } : undefined;
    const turn = (this.turn = Symbol(name));
    const sorted = way ? await this.rows.sorted(name, way) : Uint32Array.from(this.rows.rows.keys());
    if (turn !== this.turn) return; // meanwhile, another order was asked for
    this.sorted = sorted;
    for (const [at, it] of this.columns.entries()) {
      const heading = this.head.cells[at + 1];
      if (it === name && way) heading.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
      else heading.removeAttribute("aria-sort");
    }
    this.only(this.mask);
    this.say(said(this.words[way > 0 ? "sorted_up" : way ? "sorted_down" : "unsorted"], { name }));
  }
}

/** @param {number} it */
const number = (it) => it.toLocaleString(document.documentElement.lang);

function heading(text = "") {
  const made = document.createElement("th");
  made.scope = "col";
  made.textContent = text;
  return made;
}

/** @param {number} columns */
function spacer(columns) {
  const row = document.createElement("tr");
  row.className = "spacer";
  row.setAttribute("aria-hidden", "true");
  row.insertCell().colSpan = columns;
  return row;
}
