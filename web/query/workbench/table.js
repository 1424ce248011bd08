// An answer as a table of which only the rows in sight are drawn, sorted by any column.
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
  drawn = new Map();
  /** By which column the rows are sorted, and which way; undefined where they are as they came. */
  by = undefined;

  /**
   * @param {HTMLElement} place
   * @param {{rows: import("./rows.js").Rows, words: object, open: (row: number, from: HTMLElement) => void, move: (column: string, to: string) => void, say: (text: string) => void}} of
   */
  constructor(place, { rows, words, open, move, say }) {
    Object.assign(this, { place, rows, words, open, move, say, columns: rows.columns });
    this.sorted = Uint32Array.from(rows.rows.keys());
    this.order = this.sorted.subarray(0, MOST);
    this.small = rows.length <= SMALL;
    this.build();
    this.draw();
  }

  build() {
    this.table = document.createElement("table");
    this.table.setAttribute("aria-labelledby", "answer-title");
    if (!this.small) this.table.className = "of-lines";
    this.head = this.table.createTHead().insertRow();
    this.head.setAttribute("aria-rowindex", 1);
    this.body = this.table.createTBody();
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
    this.table.setAttribute("aria-rowcount", this.order.length + 1);
    this.head.replaceChildren(heading(this.words.row), ...this.columns.map((name) => this.heading(name)));
    if (this.small) return;
    this.above?.remove();
    this.below?.remove();
    [this.above, this.below] = [spacer(this.columns.length + 1), spacer(this.columns.length + 1)];
  }

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
      dataTransfer.setData("text/plain", name);
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
    let next = this.below?.isConnected ? this.below : null;
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

  stretch(from, to) {
    if (!this.above.isConnected) {
      this.body.prepend(this.above);
      this.body.append(this.below);
    }
    this.above.firstChild.style.height = `${from * this.height()}px`;
    this.below.firstChild.style.height = `${(this.order.length - to) * this.height()}px`;
  }

  row(at) {
    const number = this.order[at];
    const row = document.createElement("tr");
    row.setAttribute("aria-rowindex", at + 2);
    const button = Object.assign(document.createElement("button"), {
      type: "button",
      className: "as-link",
      textContent: number + 1,
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

  /** Has the things in sight called by their names; the rows are drawn anew when some came. */
  async call(from, to) {
    if (this.rows.addresses) return;
    const wanted = [];
    for (let at = from; at < to; at++) wanted.push(...this.things(this.rows.rows[this.order[at]]));
    if (await this.rows.names.want(wanted)) this.again();
  }

  things(row) {
    return this.columns
      .map((name) => row[name])
      .filter((term) => term?.type === "uri")
      .map(({ value }) => value);
  }

  /** Draws anew what is drawn, each row in its place, keeping the focus in its row. */
  again() {
    for (const [at, row] of this.drawn) {
      const focused = row.contains(document.activeElement);
      if (at >= this.order.length) continue;
      const made = this.row(at);
      row.replaceWith(made);
      this.drawn.set(at, made);
      if (focused) made.querySelector("button").focus({ preventScroll: true });
    }
    this.draw();
  }

  /** Shows these columns, in this order. */
  arrange(columns) {
    this.columns = columns;
    this.title();
    this.again();
  }

  /** Shows the rows that a mask lets through, all without one. */
  only(mask) {
    this.mask = mask;
    this.order = (mask ? this.sorted.filter((row) => mask[row]) : this.sorted).subarray(0, MOST);
    this.table.setAttribute("aria-rowcount", this.order.length + 1);
    this.place.scrollTop = 0;
    this.again();
  }

  /** Sorts by a column, upwards, downwards, then as the answer came. */
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

const number = (it) => it.toLocaleString(document.documentElement.lang);

function heading(text = "") {
  const made = document.createElement("th");
  made.scope = "col";
  made.textContent = text;
  return made;
}

function spacer(columns) {
  const row = document.createElement("tr");
  row.className = "spacer";
  row.setAttribute("aria-hidden", "true");
  row.insertCell().colSpan = columns;
  return row;
}
