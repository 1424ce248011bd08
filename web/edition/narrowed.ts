// The rows of a list that are shown under a choice: each is got from the page of the list that it lies on.
import { certainty, fill, made, one } from "../base/elements.ts";

type Row = { name: Node[]; cells: Map<string, Element>; isApart: boolean };
type Page = { rows: Row[]; heads: Map<string, Element>; apart: string };

export class ListRows {
  #pages = new Map<number, Promise<Page>>();

  addresses;
  size;

  /**
   * @param first what the first page shows
   * @param addresses of all pages
   * @param size how many rows a page has
   */
  constructor(first: Element, addresses: URL[], size: number) {
    this.addresses = addresses;
    this.size = size;
    this.#pages.set(0, Promise.resolve(pageOf(first)));
  }

  /** Returns rows by their numbers in the list, with what heads their columns; raises what hinders that. */
  async get(numbers: number[]) {
    const wanted = [...new Set(numbers.map((number) => Math.floor(number / this.size)))];
    const pages = new Map(await Promise.all(wanted.map(async (at) => [at, await this.#page(at)] as const)));
    const rows = numbers.map((number) => {
      const row = pages.get(Math.floor(number / this.size))?.rows[number % this.size];
      if (!row) throw new RangeError(String(number));
      return row;
    });
    const heads = new Map([...pages.values()].flatMap((page) => [...page.heads]));
    return { rows, heads, apart: [...pages.values()].map((page) => page.apart).find(Boolean) ?? "" };
  }

  #page(at: number) {
    const before = this.#pages.get(at);
    if (before) return before;
    const coming = got(this.addresses[at]);
    this.#pages.set(at, coming);
    coming.catch(() => this.#pages.delete(at));
    return coming;
  }
}

async function got(address: URL) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return pageOf(one(page, "[data-listed]"));
}

function pageOf(listed: Element): Page {
  const heads = new Map([...listed.querySelectorAll("th[data-column]")].map((it) => [columnOf(it), it]));
  const names = [...heads.keys()];
  const apart = listed.querySelector(".apart");
  const rows = [...listed.querySelectorAll("tbody > tr:not(.apart), ul.listing > li")].map((row) => ({
    name: [...(row.matches("li") ? row : one(row, "th")).childNodes],
    cells: new Map([...row.querySelectorAll("td")].map((cell, place) => [names[place], cell])),
    isApart: Boolean(apart && apart.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING),
  }));
  return { rows, heads, apart: apart?.textContent ?? "" };
}

const columnOf = (head: Element) => head.getAttribute("data-column") ?? "";

/**
 * Returns the rows as the list would show them on a page of its own: a table with the columns that have something, or
 * names alone.
 * @param order of the columns
 */
export function listing(
  { rows, heads, apart }: Awaited<ReturnType<ListRows["get"]>>,
  order: string[],
  words: { name: string; view: string },
) {
  const columns = order.filter((name) => heads.has(name) && rows.some((row) => has(row.cells.get(name))));
  const groups = [rows.filter((row) => !row.isApart), rows.filter((row) => row.isApart)];
  if (!columns.length) return groups.flatMap((group, place) => names(group, place ? apart : ""));
  const table = made("table.listing");
  const caption = made("caption.unseen", words.view);
  const head = made("tr", made("th", { scope: "col" }, words.name));
  head.append(...columns.map((name) => (heads.get(name) as Element).cloneNode(true)));
  table.append(caption, made("thead", head));
  groups.forEach((group, place) => {
    if (group.length) table.append(body(group, columns, place ? apart : ""));
  });
  const scroll = made("div", { class: "scroll", role: "group", "aria-label": words.view, tabindex: 0 }, table);
  return [scroll];
}

const has = (cell: Element | undefined) => Boolean(cell?.textContent?.trim());

function body(rows: Row[], columns: string[], apart: string) {
  const lines = rows.map(({ name, cells }) =>
    made(
      "tr",
      made("th", { scope: "row" }, ...copies(name)),
      ...columns.map((column) => cells.get(column)?.cloneNode(true) ?? made("td")),
    ),
  );
  const heading = made("th", { scope: "rowgroup", colspan: columns.length + 1 }, apart);
  return made("tbody", ...(apart ? [made("tr.apart", heading)] : []), ...lines);
}

function names(rows: Row[], apart: string) {
  if (!rows.length) return [];
  const list = made("ul.plain.listing", ...rows.map(({ name }) => made("li", ...copies(name))));
  return apart ? [made("h2.apart", apart), list] : [list];
}

const copies = (nodes: Node[]) => nodes.map((node) => node.cloneNode(true));

/** Returns the name of a row with another certainty: it leads to the page of its thing, which has the evidence. */
export function marked(name: Node[], how: string, words: { how: string; proof: string }) {
  const around = made("span", ...copies(name));
  const page = around.querySelector("a");
  const mark = around.querySelector(".fact-mark");
  if (!page || !mark) return name;
  const named = `${words.proof} : ${page.textContent}`;
  fill(mark, certainty(how, words.how), " ", made("a.evidence", { href: page.href, "aria-label": named }, words.proof));
  return [...around.childNodes];
}

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
