// An answer as a table of which only the rows in sight are drawn, sorted by any column.
import { said } from "../words.js";
import { isNumber, shown, textOf } from "./cells.js";
import { fold } from "./completing.js";

/** Up to so many rows are drawn whole; beyond, each is one line high and only those in sight are. */
const SMALL = 200;
const BESIDE = 12;
/** Browsers cannot scroll further than this many rows of one line. */
const MOST = 400_000;
const LONGEST = 1000;
const LONGEST_LINE = 120;
const MOST_NAMED = 2000;

export class Table {
  names;
  drawn = new Map();
  iris = false;

  /**
   * @param {HTMLElement} place
   * @param {{columns: string[], rows: object[], names: import("./names.js").Names, words: object, open: (row: number) => void}} of
   */
  constructor(place, { columns, rows, names, words, open }) {
    Object.assign(this, { place, columns, rows: rows.slice(0, MOST), names, words, open });
    this.order = Uint32Array.from(this.rows.keys());
    this.small = this.rows.length <= SMALL;
    this.build();
    this.draw();
  }

  build() {
    const table = document.createElement("table");
    table.setAttribute("aria-rowcount", this.rows.length + 1);
    table.setAttribute("aria-labelledby", "answer-title");
    if (!this.small) table.className = "of-lines";
    const head = table.createTHead().insertRow();
    head.setAttribute("aria-rowindex", 1);
    head.append(this.heading(this.words.row));
    this.headings = this.columns.map((name, column) => {
      const made = this.heading();
      const button = Object.assign(document.createElement("button"), { type: "button", className: "sorts", textContent: name });
      button.addEventListener("click", () => this.sort(column));
      made.append(button);
      head.append(made);
      return made;
    });
    this.body = table.createTBody();
    [this.above, this.below] = [spacer(this.columns.length + 1), spacer(this.columns.length + 1)];
    this.place.replaceChildren(table);
    if (this.small) return;
    this.place.addEventListener("scroll", () => (this.frame ??= requestAnimationFrame(() => this.draw())), { passive: true });
    new ResizeObserver(() => this.draw()).observe(this.place);
  }

  heading(text = "") {
    const made = document.createElement("th");
    made.scope = "col";
    made.textContent = text;
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
    if (this.small || !this.rows.length) return [0, this.rows.length];
    const { scrollTop, clientHeight } = this.place;
    const first = Math.floor(scrollTop / this.height());
    return [Math.max(first - BESIDE, 0), Math.min(first + Math.ceil(clientHeight / this.height()) + BESIDE, this.rows.length)];
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
    this.below.firstChild.style.height = `${(this.rows.length - to) * this.height()}px`;
  }

  row(at) {
    const number = this.order[at];
    const row = document.createElement("tr");
    row.setAttribute("aria-rowindex", at + 2);
    const button = Object.assign(document.createElement("button"), { type: "button", className: "as-link", textContent: number + 1 });
    button.setAttribute("aria-label", said(this.words.row_n, { n: number + 1 }));
    button.addEventListener("click", () => this.open(number, button));
    row.insertCell().append(button);
    for (const name of this.columns) {
      const cell = row.insertCell();
      const term = this.rows[number][name];
      if (!term) continue;
      if (isNumber(term)) cell.className = "number";
      cell.append(this.cell(term));
    }
    return row;
  }

  cell(term) {
    const cut = this.small ? LONGEST : LONGEST_LINE;
    return shown(term, { cut, name: term.type === "uri" && !this.iris ? this.names.of(term.value) : undefined });
  }

  /** Has the things in sight called by their names; the rows are drawn anew when some came. */
  async call(from, to) {
    if (this.iris) return;
    const wanted = [];
    for (let at = from; at < to; at++) wanted.push(...this.things(this.rows[this.order[at]]));
    if (await this.names.want(wanted)) this.again();
  }

  things(row) {
    return this.columns.map((name) => row[name]).filter((term) => term?.type === "uri").map(({ value }) => value);
  }

  /** Draws anew what is drawn, each row in its place, keeping the focus in its row. */
  again() {
    for (const [at, row] of this.drawn) {
      const focused = row.contains(document.activeElement);
      const made = this.row(at);
      row.replaceWith(made);
      this.drawn.set(at, made);
      if (focused) made.querySelector("button").focus({ preventScroll: true });
    }
    this.draw();
  }

  /** Shows things by their addresses, or by their names. */
  showAddresses(wanted) {
    this.iris = wanted;
    this.again();
  }

  /** Sorts by a column, upwards, downwards, then as the answer came. */
  async sort(column) {
    const before = this.headings[column].getAttribute("aria-sort");
    const now = before === "ascending" ? "descending" : before === "descending" ? undefined : "ascending";
    for (const heading of this.headings) heading.removeAttribute("aria-sort");
    if (now) this.headings[column].setAttribute("aria-sort", now);
    const order = Uint32Array.from(this.rows.keys());
    if (now) {
      const keys = await this.keys(this.columns[column]);
      const way = now === "ascending" ? 1 : -1;
      order.sort((a, b) => compare(keys[a], keys[b], way) || a - b);
    }
    this.order = order;
    this.place.scrollTop = 0;
    this.again();
  }

  /** Returns what each row is sorted by, made once: numbers, or texts without accents. */
  async keys(name) {
    const things = new Set(this.rows.map((row) => row[name]).filter((term) => term?.type === "uri").map(({ value }) => value));
    if (!this.iris && things.size <= MOST_NAMED) await this.names.want(things);
    const made = new Map();
    return this.rows.map((row) => {
      const term = row[name];
      if (!term) return undefined;
      if (isNumber(term)) return Number(term.value);
      const text = (!this.iris && term.type === "uri" && this.names.of(term.value)?.label) || plain(term);
      if (!made.has(text)) made.set(text, fold(text));
      return made.get(text);
    });
  }
}

/** Dates sort as they are written in the data, not as they are shown. */
const plain = (term) => (typeof term.value === "string" ? term.value : textOf(term));

/** Compares two keys: what is not bound comes last either way, numbers before texts. */
function compare(a, b, way) {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  if (typeof a !== typeof b) return typeof a === "number" ? -way : way;
  return a < b ? -way : way;
}

function spacer(columns) {
  const row = document.createElement("tr");
  row.className = "spacer";
  row.setAttribute("aria-hidden", "true");
  row.insertCell().colSpan = columns;
  return row;
}
