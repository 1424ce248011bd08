// An answer of rows to be read: the table, and what narrows it, arranges it and takes it elsewhere.
import { made, save } from "../../base/elements.ts";
import { closing } from "../../base/frame.ts";
import { counted, number, said, words as wordsOf } from "../../base/words.ts";
import { Facets, choiceRead, choiceWritten } from "./facets.ts";
import { Columns, Table } from "./table.ts";

import { Refining, type Rows } from "./rows.ts";
import { summaryOf } from "./tabs.ts";
import type { Way } from "./answer.ts";
import type { Drawings } from "./charts/drawings.ts";
import type { Names } from "./names.ts";

const PAUSE = 150;

/** Returns the way to see an answer that an address names: by a drawing, or the way itself. */
function wayIn(drawing: string): Way {
  const [name] = drawing.split(".");
  if (!name) return "table";
  return name === "origin" || name === "network" || name === "map" ? name : "chart";
}

export class Reading {
  way: Way = "table";
  drawings: Drawings | undefined;
  waiting: ReturnType<typeof setTimeout> | undefined;

  parts;
  rows!: Rows;
  query!: string;
  places!: Names<[number, number][]>;
  graph!: boolean;
  words!: Words;
  write!: (query: string) => void;
  choose!: (way: Way) => void;
  say!: (text: string) => void;
  refining;
  columns;
  table;
  facets;
  fields;

  constructor(
    parts: Parts,
    how: Pick<Reading, "rows" | "query" | "places" | "graph" | "words" | "write" | "choose" | "say">,
    open: (row: number, from: HTMLElement) => void,
  ) {
    Object.assign(this, how);
    const words = (this.words = { ...how.words, ...wordsOf(parts.reading) });
    const { rows, say } = how;
    this.parts = parts;
    this.refining = new Refining(rows);
    this.columns = new Columns(parts.columns, { columns: rows.columns, words, changed: () => this.arrange(), say });
    this.table = new Table(parts.table, { rows, words, open, move: (name, to) => this.columns.move(name, to), say });
    this.facets = new Facets(parts.facets, parts.facetLists, {
      rows,
      refining: this.refining,
      columns: () => this.columns.shown,
      words,
      changed: (column) => this.refine(column),
    });
    this.fields = new Map(
      ["order", ...rows.columns.map((name) => `only.${name}`)].map((name) => [name, this.keeper(name)]),
    );
    this.listen();
    parts.reading.hidden = parts.taking.hidden = parts.table.hidden = false;
  }

  listen() {
    const { addresses, having, drawingView, all, writeBack, copyTsv, copyMarkdown, spreadsheet } = this.parts;
    this.listenToView();
    for (const menu of this.parts.reading.querySelectorAll("details") as NodeListOf<HTMLDetailsElement>) closing(menu);
    addresses.addEventListener("change", () => this.address(addresses.checked));
    having.addEventListener("input", () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.look(), PAUSE);
    });
    drawingView.addEventListener("change", () => {
      const way = wayIn(drawingView.value);
      if (way !== this.way) this.choose(way);
    });
    all.addEventListener("click", () => this.showAll());
    writeBack.addEventListener("click", async () => this.write((await this.narrower()) ?? this.query));
    for (const { button, how, name } of [
      { button: copyTsv, how: "tsv" as const, name: "TSV" },
      { button: copyMarkdown, how: "markdown" as const, name: "Markdown" },
    ]) {
      button.hidden = !navigator.clipboard;
      button.addEventListener("click", () => this.copy(how, name));
    }
    spreadsheet.addEventListener("click", async () => {
      const { forSpreadsheet } = await import("./exporting.ts");
      save(new Blob([forSpreadsheet(await this.taken())], { type: "text/csv" }), "answer-spreadsheet.csv");
    });
  }

  /** Returns a field, not seen, by which the view keeps what no other control has. */
  keeper(name: string) {
    const field = made("input", { type: "text", hidden: true, "data-view": name });
    this.parts.reading.append(field);
    return field;
  }

  /** Returns the field of the view of this name. */
  kept(name: string) {
    return this.fields.get(name) as HTMLInputElement;
  }

  /** Takes what the view has of the order of columns, and of what is chosen in each. */
  listenToView() {
    const { columns, refining, rows } = this;
    const order = this.kept("order");
    order.addEventListener("change", () => order.value !== columns.moved && (columns.moved = order.value));
    for (const name of rows.columns) {
      const only = this.kept(`only.${name}`);
      only.addEventListener("change", () => {
        const { terms } = rows.of(name);
        if (only.value === this.choice(name)) return;
        refining.only(name, choiceRead(terms, only.value));
        if (refining.chosen.size) this.parts.facets.open = true;
        this.refine();
      });
    }
  }

  /** Shows the rows in a way, which the address keeps. */
  async see(way: Way) {
    this.way = way;
    if (way === "table" || way === "origin") this.keep(this.parts.drawingView, way === "table" ? "" : way);
    else await this.draw(true);
  }

  /** Draws what is shown, where that is wanted; what draws comes when it is first asked for. */
  async draw(anew = false) {
    const { way } = this;
    if (way === "table" || way === "origin") return;
    const { Drawings } = await import("./charts/drawings.ts");
    this.drawings ??= new Drawings(this.parts.drawn, {
      rows: this.rows,
      places: this.places,
      graph: this.graph,
      order: () => this.table.order,
      columns: () => this.columns.shown,
      wanted: this.parts.drawingView.value,
      caption: summaryOf(this.query),
      chosen: (drawing) => this.keep(this.parts.drawingView, drawing),
      say: this.say,
    });
    if (anew) await this.drawings.look(way);
    else this.drawings.draw();
  }

  async look() {
    await this.refining.look(this.parts.having.value, this.columns.shown);
    this.refine();
  }

  /** Keeps what is seen where the address takes it from. */
  keep(control: { value: string; dispatchEvent(event: Event): boolean }, value: string) {
    if (control.value === value) return;
    control.value = value;
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }

  arrange() {
    this.keep(this.kept("order"), this.columns.moved);
    this.table.arrange(this.columns.shown);
    this.draw(true);
    if (this.refining.words.length) this.look();
    else this.facets.draw();
  }

  address(wanted: boolean) {
    this.rows.addresses = wanted;
    this.table.again();
    this.draw();
    if (this.refining.words.length) this.look();
    else this.facets.draw();
  }

  /** Shows the rows that were asked for, and how many they are. */
  refine(column?: string) {
    const { refining, parts, words, rows } = this;
    for (const name of rows.columns) this.keep(this.kept(`only.${name}`), this.choice(name));
    const mask = refining.mask();
    this.table.only(mask);
    const count = mask ? mask.reduce((sum, passes) => sum + passes, 0) : rows.length;
    parts.shown.textContent = mask ? counted(words, "shown", count, { all: number(rows.length) }) : "";
    parts.all.hidden = !mask;
    parts.writing.hidden = !refining.chosen.size;
    if (refining.chosen.size) this.tellWriting();
    this.facets.draw(column);
    this.draw();
  }

  /** Returns what is chosen in a column, as an address has it. */
  choice(name: string) {
    const chosen = this.refining.chosen.get(name);
    return chosen ? choiceWritten(this.rows.of(name).terms, chosen) : "";
  }

  showAll() {
    this.parts.having.value = "";
    this.refining.clear();
    this.refine();
    this.parts.having.focus();
    this.say(said(this.words.all_shown, { n: number(this.rows.length) }));
  }

  /** Says whether what is chosen can be written into the query. */
  async tellWriting() {
    const { parts, refining, words } = this;
    const possible = (await this.narrower()) !== undefined;
    parts.writeBack.hidden = !possible;
    parts.writeNote.textContent = !possible ? words.unwritable : refining.words.length ? words.text_unwritten : "";
  }

  /** Returns the query that gives the chosen rows, undefined where it cannot be written. */
  async narrower() {
    const { narrowed } = await import("./narrowing.ts");
    const { rows, refining, query } = this;
    const chosen = new Map(
      [...refining.chosen].map(([column, codes]) => [column, [...codes].map((code) => rows.of(column).terms[code])]),
    );
    return narrowed(query, rows.columns, chosen);
  }

  /** Returns what the table shows: its columns, and its rows in their order. */
  async taken() {
    const {
      rows,
      table,
      columns: { shown },
    } = this;
    await rows.call(shown);
    return {
      columns: shown,
      rows: Array.from(table.order, (row) => shown.map((name) => rows.rows[row][name])),
      plain: (term: Term) => rows.plain(term),
    };
  }

  async copy(how: "tsv" | "markdown", name: string) {
    const [copying, shown] = await Promise.all([import("./exporting.ts"), this.taken()]);
    await navigator.clipboard.writeText(copying[how](shown));
    this.say(counted(this.words, "copied", shown.rows.length, { name }));
  }
}
