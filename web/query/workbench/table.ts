// An answer as a table of which only the rows in sight are drawn, sorted by any column; which columns it has, and in which order.
import { made, one } from "../../base/elements.ts";
import { number, said } from "../../base/words.ts";
import { isNumber, shown } from "./cells.ts";
import type { Rows } from "./rows.ts";

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
  /** The rows that are in the page, by their places. */
  drawn = new Map<number, HTMLTableRowElement>();
  /** By which column the rows are sorted, and which way; undefined where they are as they came. */
  by: { name: string; way: number } | undefined = undefined;
  /** What stretches the table to where its other rows would be. */
  above = spacer(1);
  below = spacer(1);
  mask: Uint8Array | undefined;
  frame: number | undefined;
  tall: number | undefined;
  scrolling: ReturnType<typeof setTimeout> | undefined;
  /** Which column is being dragged. */
  dragged: string | undefined;
  turn: symbol | undefined;
  table = document.createElement("table");
  head = this.table.createTHead().insertRow();
  body = this.table.createTBody();

  place;
  rows!: Rows;
  words!: Words;
  open!: (row: number, from: HTMLElement) => void;
  move!: (column: string, to: string) => void;
  say!: (text: string) => void;
  columns;
  sorted;
  order;
  small;

  constructor(place: HTMLElement, how: Pick<Table, "rows" | "words" | "open" | "move" | "say">) {
    Object.assign(this, how);
    const { rows } = this;
    this.place = place;
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
    this.head.replaceChildren(
      made("th", { scope: "col" }, this.words.row),
      ...this.columns.map((name) => this.heading(name)),
    );
    if (this.small) return;
    this.above.remove();
    this.below.remove();
    [this.above, this.below] = [spacer(this.columns.length + 1), spacer(this.columns.length + 1)];
  }

  heading(name: string) {
    return made(
      "th",
      {
        scope: "col",
        "aria-sort": this.by?.name === name && (this.by.way > 0 ? "ascending" : "descending"),
        draggable: String(this.columns.length > 1),
        ondragstart: ({ dataTransfer }: DragEvent) => {
          this.dragged = name;
          dataTransfer?.setData("text/plain", name);
        },
        ondragover: (event: Event) => this.dragged !== undefined && event.preventDefault(),
        ondragend: () => (this.dragged = undefined),
        ondrop: (event: Event) => {
          event.preventDefault();
          if (this.dragged !== undefined) this.move(this.dragged, name);
        },
      },
      made("button", { type: "button", class: "sorts", onclick: () => this.sort(name) }, name),
    );
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

  stretch(from: number, to: number) {
    if (!this.above.isConnected) {
      this.body.prepend(this.above);
      this.body.append(this.below);
    }
    one(this.above, "td").style.height = `${from * this.height()}px`;
    one(this.below, "td").style.height = `${(this.order.length - to) * this.height()}px`;
  }

  row(at: number) {
    const number = this.order[at];
    const label = said(this.words.row_n, { n: number + 1 });
    const open = () => this.open(number, button);
    const button = made("button", { type: "button", class: "as-link", "aria-label": label, onclick: open }, number + 1);
    const row = made("tr", { "aria-rowindex": at + 2 }, made("td", button));
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
  async call(from: number, to: number) {
    if (this.rows.addresses) return;
    const wanted = [];
    for (let at = from; at < to; at++) wanted.push(...this.things(this.rows.rows[this.order[at]]));
    if (await this.rows.names.want(wanted)) this.again();
  }

  things(row: Row) {
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

  /** Shows these columns, in this order. */
  arrange(columns: string[]) {
    this.columns = columns;
    this.title();
    this.again();
  }

  /** Shows the rows that a mask lets through, all without one. */
  only(mask: Uint8Array | undefined) {
    this.mask = mask;
    this.order = (mask ? this.sorted.filter((row) => mask[row]) : this.sorted).subarray(0, MOST);
    this.table.setAttribute("aria-rowcount", String(this.order.length + 1));
    this.place.scrollTop = 0;
    this.again();
  }

  /** Sorts by a column, upwards, downwards, then as the answer came. */
  async sort(name: string) {
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

const spacer = (columns: number) =>
  made("tr", { class: "spacer", "aria-hidden": "true" }, made("td", { colspan: columns }));

// Which columns are shown, and in which order: chosen in a list, moved there or by dragging a heading.

/** No name of a variable has a dot. */
const BETWEEN = ".";

export class Columns {
  hidden = new Set();

  list;
  words!: Words;
  changed!: (shown: string[]) => void;
  say!: (text: string) => void;
  columns!: string[];
  order;

  constructor(list: HTMLElement, how: Pick<Columns, "columns" | "words" | "changed" | "say">) {
    Object.assign(this, how);
    this.list = list;
    this.order = [...this.columns];
    this.draw();
  }

  get shown() {
    return this.order.filter((name) => !this.hidden.has(name));
  }

  /** The columns in their order, as an address has it; empty while none was moved. */
  get moved() {
    return this.order.every((name, at) => name === this.columns[at]) ? "" : this.order.join(BETWEEN);
  }

  /** Puts the columns in the order that an address has; those that it does not name come after. */
  set moved(text: string) {
    const named = new Set(text.split(BETWEEN).filter((name) => this.columns.includes(name)));
    this.order = [...named, ...this.columns.filter((name) => !named.has(name))];
    this.change();
  }

  draw() {
    this.list.replaceChildren(...this.order.map((name, at) => this.item(name, at)));
  }

  item(name: string, at: number) {
    const isShown = !this.hidden.has(name);
    const box = made("input", {
      type: "checkbox",
      checked: true,
      disabled: isShown && this.shown.length === 1,
      "data-view": `column.${name}`,
      onchange: () => this.hide(name, !box.checked),
    });
    box.checked = isShown;
    const button = (step: number, word: string) =>
      made(
        "button",
        {
          type: "button",
          class: "as-link",
          "aria-label": said(this.words[`${word}_of`], { name }),
          disabled: !(at + step in this.order),
          onclick: () => this.step(at, step),
        },
        this.words[word],
      );
    const label = made("label.choice", box, made("bdi", name));
    return made("li", label, button(-1, "before"), button(1, "after"));
  }

  hide(name: string, wanted: boolean) {
    if (wanted) this.hidden.add(name);
    else this.hidden.delete(name);
    const at = this.order.indexOf(name);
    this.change();
    one(this.list.children[at], "input").focus();
  }

  /** Moves a column a step; the focus stays on what moves it, while it can be moved further. */
  step(at: number, step: number) {
    this.put(at, at + step);
    const [before, after] = this.list.children[at + step].querySelectorAll("button");
    const [wanted, other] = step < 0 ? [before, after] : [after, before];
    (wanted.disabled ? other : wanted).focus();
  }

  /** Moves a column to the place of another. */
  move(name: string, to: string) {
    if (name !== to) this.put(this.order.indexOf(name), this.order.indexOf(to));
  }

  put(from: number, to: number) {
    this.order.splice(to, 0, ...this.order.splice(from, 1));
    this.change();
    this.say(said(this.words.moved, { name: this.order[to], n: to + 1, all: this.order.length }));
  }

  change() {
    this.draw();
    this.changed(this.shown);
  }
}
