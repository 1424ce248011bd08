// The rows of a list that are shown under a choice: each is got from the page of the list that it lies on.
import { one } from "../base/elements.ts";
import type { Choices, ListIndex } from "./facets.ts";

export class ListRows {
  #pages = new Map<number, Promise<HTMLTableRowElement[]>>();

  table;
  addresses;
  index;

  /**
   * @param table of the first page
   * @param addresses of all pages
   */
  constructor(table: HTMLTableElement, addresses: URL[], index: ListIndex) {
    this.table = table;
    this.addresses = addresses;
    this.index = index;
    this.#pages.set(0, Promise.resolve(rowsOf(table)));
  }

  /** Returns rows by their numbers in the list; raises what hinders that. */
  async get(numbers: number[]) {
    const wanted = [...new Set(numbers.map((number) => Math.floor(number / this.index.page)))];
    const pages = new Map(await Promise.all(wanted.map(async (at) => [at, await this.#page(at)] as const)));
    return numbers.map((number) => {
      const row = pages.get(Math.floor(number / this.index.page))?.[number % this.index.page];
      if (!row) throw new RangeError(String(number));
      return row;
    });
  }

  #page(at: number) {
    const before = this.#pages.get(at);
    if (before) return before;
    const coming = got(this.addresses[at]);
    this.#pages.set(at, coming);
    coming.catch(() => this.#pages.delete(at));
    return coming;
  }

  /** Returns the table of some rows: after the names what is asked, each with the values that answer it alone. */
  shown(rows: HTMLTableRowElement[], chosen: Choices) {
    const [, ...heads] = one<HTMLTableRowElement>(this.table, "thead tr").cells;
    const names = heads.map(facetsOf);
    const askedOf = (at: number) => names[at].filter((name) => chosen.has(name));
    const asked = [...new Set([...chosen.keys()].map((name) => names.findIndex((of) => of.includes(name))))];
    const others = [...heads.keys()].filter((at) => !heads[at].hidden && !asked.includes(at));
    const columns = [...asked, ...others.slice(0, Math.max(0, this.index.shown - asked.length))];
    const table = this.table.cloneNode(true) as HTMLTableElement;
    const inOrder = (row: HTMLTableRowElement) => {
      const [name, ...cells] = row.cells;
      row.replaceChildren(name, ...columns.map((at) => cells[at]));
      for (const own of name.querySelectorAll("[data-own]")) own.remove();
      for (const [place, at] of columns.entries()) {
        cells[at].hidden = false;
        if (place >= asked.length) continue;
        const { asked: words = "" } = heads[at].dataset;
        if (cells[at].scope) cells[at].textContent = words;
        else cells[at].dataset.label = words;
        const answers = askedOf(at).flatMap((of) => answersIn(cells[at], of, chosen));
        for (const it of valuesIn(cells[at])) {
          it.hidden = false;
          if (!answers.includes(it)) it.remove();
          for (const printed of it.querySelectorAll("[hidden]") as NodeListOf<HTMLElement>) printed.hidden = false;
        }
        if (!cells[at].scope) for (const further of cells[at].querySelectorAll(":scope > span")) further.remove();
      }
      return row;
    };
    inOrder(one(table, "thead tr"));
    const copies = rows.map((row) => inOrder(row.cloneNode(true) as HTMLTableRowElement));
    for (const body of [...table.tBodies].slice(1)) body.remove();
    table.tBodies[0].replaceChildren(...copies);
    return table;
  }

  /** Returns the values by which a row answers a facet, as a file has them. */
  answers(row: HTMLTableRowElement, facet: string, chosen: Choices): Value[] {
    const heads = [...one<HTMLTableRowElement>(this.table, "thead tr").cells];
    const cell = row.cells[heads.findIndex((head) => facetsOf(head).includes(facet))];
    return answersIn(cell, facet, chosen).map((it) => ({
      value: it.dataset.value ?? "",
      label: one(it, ".said-value > :not(.shape)").textContent ?? "",
      certainty: it.dataset.certainty ?? "",
      evidence: it.querySelector<HTMLAnchorElement>("a.evidence")?.href ?? noteOf(it),
    }));
  }
}

const facetsOf = (head: HTMLTableCellElement) => (head.dataset.facets ?? "").split(" ");

/** The note of what curators say: files have it, pages show none. */
const noteOf = ({ dataset: { note } }: HTMLElement) => (note ? new URL(note, location.href).href : "");

const valuesIn = (cell: Element) => [...cell.querySelectorAll("[data-for]")] as HTMLElement[];

function answersIn(cell: Element, facet: string, chosen: Choices) {
  const keys = (chosen.get(facet) ?? []).map((key) => `${facet}=${encodeURIComponent(key)}`);
  return valuesIn(cell).filter((it) => (it.dataset.for ?? "").split(" ").some((key) => keys.includes(key)));
}

async function got(address: URL) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return rowsOf(one(page, "table.listing"));
}

const rowsOf = (table: Element) => [...table.querySelectorAll("tbody > tr:not(.apart)")] as HTMLTableRowElement[];

// The table of a narrowed list as a file: the rows of the whole one that are chosen, in CSV or JSON as a server has them.

type Value = { value: string; label: string; certainty: string; evidence: string };
type FileRow = { thing: string; label: string; certainty: string; evidence: string } & Record<string, any>;

const OF_THING = ["thing", "label", "certainty", "evidence"];
const OF_VALUE = ["value", "label", "certainty", "evidence"] as const;

/**
 * Returns the file of some rows; raises what hinders that.
 * @param address of the whole list in JSON
 * @param order of the columns
 * @param numbers of the rows
 * @param told what each of them says otherwise
 */
export async function fileOf(
  address: string,
  suffix: string,
  order: string[],
  numbers: number[],
  told: Partial<FileRow>[],
) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  const whole: FileRow[] = await answer.json();
  const rows = numbers.map((number, at) => ({ ...whole[number], ...told[at] }));
  const columns = order.filter((name) => rows.some((row) => row[name]?.length));
  const kept = rows.map((row) => Object.fromEntries([...OF_THING, ...columns].map((name) => [name, row[name]])));
  if (suffix === "json") return new Blob([JSON.stringify(kept, null, 1)], { type: "application/json" });
  const head = [
    ...OF_THING,
    ...columns.flatMap((name) => [name, ...OF_VALUE.slice(1).map((part) => `${name}_${part}`)]),
  ];
  const lines = kept.map((row) => [
    ...OF_THING.map((name) => row[name]),
    ...columns.flatMap((name) => OF_VALUE.map((part) => row[name].map((it: Value) => it[part]).join("|"))),
  ]);
  const text = [head, ...lines].map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
  return new Blob([text], { type: "text/csv" });
}

const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
