// The rows of a list that are shown under a choice: each is got from the page of the list that it lies on.
import { one } from "../base/parts.js";

/** @typedef {{name: Node[], cells: Map<string, Element>, isApart: boolean}} Row */
/** @typedef {{rows: Row[], heads: Map<string, Element>, apart: string}} Page */

export class ListRows {
  /** @type {Map<number, Promise<Page>>} */
  #pages = new Map();

  /**
   * @param {Element} first what the first page shows
   * @param {URL[]} addresses of all pages
   * @param {number} size how many rows a page has
   */
  constructor(first, addresses, size) {
    this.addresses = addresses;
    this.size = size;
    this.#pages.set(0, Promise.resolve(pageOf(first)));
  }

  /**
   * Returns rows by their numbers in the list, with what heads their columns; raises what hinders that.
   * @param {number[]} numbers
   */
  async get(numbers) {
    const wanted = [...new Set(numbers.map((number) => Math.floor(number / this.size)))];
    const pages = new Map(
      await Promise.all(wanted.map(async (at) => /** @type {const} */ ([at, await this.#page(at)]))),
    );
    const rows = numbers.map((number) => {
      const row = pages.get(Math.floor(number / this.size))?.rows[number % this.size];
      if (!row) throw new RangeError(String(number));
      return row;
    });
    const heads = new Map([...pages.values()].flatMap((page) => [...page.heads]));
    return { rows, heads, apart: [...pages.values()].map((page) => page.apart).find(Boolean) ?? "" };
  }

  /** @param {number} at */
  #page(at) {
    const before = this.#pages.get(at);
    if (before) return before;
    const coming = got(this.addresses[at]);
    this.#pages.set(at, coming);
    coming.catch(() => this.#pages.delete(at));
    return coming;
  }
}

/** @param {URL} address */
async function got(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return pageOf(one(page, "[data-listed]"));
}

/**
 * @param {Element} listed
 * @returns {Page}
 */
function pageOf(listed) {
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

/** @param {Element} head */
const columnOf = (head) => head.getAttribute("data-column") ?? "";

/**
 * Returns the rows as the list would show them on a page of its own: a table with the columns that have something, or
 * names alone.
 * @param {Awaited<ReturnType<ListRows["get"]>>} found
 * @param {string[]} order of the columns
 * @param {{name: string, view: string}} words
 */
export function listing({ rows, heads, apart }, order, words) {
  const columns = order.filter((name) => heads.has(name) && rows.some((row) => has(row.cells.get(name))));
  const groups = [rows.filter((row) => !row.isApart), rows.filter((row) => row.isApart)];
  if (!columns.length) return groups.flatMap((group, place) => names(group, place ? apart : ""));
  const table = made("table", { className: "listing" });
  const caption = made("caption", { className: "unseen", textContent: words.view });
  const head = made("tr", {}, made("th", { scope: "col", textContent: words.name }));
  head.append(...columns.map((name) => /** @type {Element} */ (heads.get(name)).cloneNode(true)));
  table.append(caption, made("thead", {}, head));
  groups.forEach((group, place) => {
    if (group.length) table.append(body(group, columns, place ? apart : ""));
  });
  const scroll = made("div", { className: "scroll", role: "group", ariaLabel: words.view, tabIndex: 0 }, table);
  return [scroll];
}

/** @param {Element | undefined} cell */
const has = (cell) => Boolean(cell?.textContent?.trim());

/**
 * @param {Row[]} rows
 * @param {string[]} columns
 * @param {string} apart
 */
function body(rows, columns, apart) {
  const lines = rows.map(({ name, cells }) =>
    made(
      "tr",
      {},
      made("th", { scope: "row" }, ...copies(name)),
      ...columns.map((column) => cells.get(column)?.cloneNode(true) ?? made("td", {})),
    ),
  );
  const heading = made("th", { scope: "rowgroup", colSpan: columns.length + 1, textContent: apart });
  return made("tbody", {}, ...(apart ? [made("tr", { className: "apart" }, heading)] : []), ...lines);
}

/**
 * @param {Row[]} rows
 * @param {string} apart
 */
function names(rows, apart) {
  if (!rows.length) return [];
  const list = made("ul", { className: "plain listing" }, ...rows.map(({ name }) => made("li", {}, ...copies(name))));
  return apart ? [made("h2", { className: "apart", textContent: apart }), list] : [list];
}

/** @param {Node[]} nodes */
const copies = (nodes) => nodes.map((node) => node.cloneNode(true));

/**
 * Returns the name of a row with another certainty: it leads to the page of its thing, which has the evidence.
 * @param {Node[]} name
 * @param {string} how
 * @param {string} words
 */
export function marked(name, how, words) {
  const around = made("span", {}, ...copies(name));
  const stroked = around.querySelector(".stroked");
  const page = stroked?.querySelector("a");
  if (!stroked || !page) return name;
  stroked.className = `stroked said-${how}`;
  stroked.querySelector(".how-link")?.remove();
  const sign = made("span", {}, "”");
  sign.setAttribute("aria-hidden", "true");
  const link = made(
    "a",
    { className: "how-link", href: page.href },
    made("span", { className: "unseen" }, words),
    sign,
  );
  stroked.append(link);
  return [...around.childNodes];
}

/**
 * Returns an element with properties and content.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} properties
 * @param {(Node | string)[]} content
 */
export function made(tag, properties, ...content) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...content);
  return element;
}
